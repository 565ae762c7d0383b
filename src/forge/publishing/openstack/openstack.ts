import { createHash } from 'node:crypto';
import { sleep } from '../../../uforge/clock.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { PlatformError } from '../platformError.ts';
import { jsonOf, partOfFile } from '../platformHttp.ts';
import type { Platform, PlatformContext, PublishWork } from '../publisher.ts';
import { imageProperties } from './imageProperties.ts';
import { logIn, projectsOf, scopeOf, type Session } from './keystone.ts';

/** Images in Glance v2, of whatever product is an OpenStack. */
export const openstack: Platform = {
  async publish(context, work) {
    const { request, observer, name, version } = work;
    const { displayName, publicImage = false } = request as Dto<'PublishImageOpenStack'>;
    const properties = imageProperties(work);
    observer.progress('Logging in');
    const session = await logIn(context, scopeOf(request));
    const images = imagesUrl(context, session);
    const made = await context.http.send({
      ...{ method: 'POST', url: images, to: 'make an image', attempts: 1, signal: context.signal },
      headers: { ...session.headers, 'content-type': 'application/json' },
      body: Buffer.from(
        JSON.stringify({
          name: displayName ?? `${name} ${version}`,
          visibility: publicImage ? 'public' : 'private',
          ...properties,
        }),
      ),
    });
    const { id } = imageIn(jsonOf(made));
    observer.unfinished(id);
    const image = new URL(`${images.href}/${id}`);
    const sha512 = await upload(context, work, session, image);
    // The first token may have grown old on the way.
    await checked(context, await logIn(context, scopeOf(request)), image, sha512);
    return { cloudId: id, location: image.href };
  },

  async cleanUp(context, request, unfinished) {
    const session = await logIn(context, scopeOf(request));
    const url = new URL(`${imagesUrl(context, session).href}/${unfinished}`);
    await context.http.send({
      ...{ method: 'DELETE', url, to: 'delete an image', accepts: [404], signal: context.signal },
      headers: session.headers,
    });
  },

  async resources(context) {
    const projects = await projectsOf(context);
    return {
      cloudResources: {
        $type: 'OpenstackResources',
        tenants: projects.map(({ id, description }) => ({ id, description, available: true })),
      },
      resources: projects.map(({ id, name }) => ({ type: 'project', key: id, value: name })),
    };
  },
};

/** How often an upload is begun: Glance takes an image whole or not at all. */
const attempts = 4;

/** Sends the file, and gives its SHA-512. */
async function upload(
  context: PlatformContext,
  { path, file, observer }: PublishWork,
  session: Session,
  image: URL,
): Promise<string> {
  const total = file.size;
  for (let attempt = 1; ; attempt++) {
    const hash = createHash('sha512');
    let done = 0;
    try {
      await context.http.send({
        ...{ method: 'PUT', url: new URL(`${image.href}/file`), to: 'store the image', attempts: 1 },
        headers: {
          ...session.headers,
          'content-type': 'application/octet-stream',
          'content-length': String(total),
        },
        body: partOfFile(path, { start: 0, length: total }, (bytes) => {
          hash.update(bytes);
          observer.progress('Sending to Glance', { done: (done += bytes.length), total });
        }),
        signal: context.signal,
      });
      return hash.digest('hex');
    } catch (error) {
      const passes =
        error instanceof PlatformError &&
        (error.status === undefined || [409, 429, 502, 503, 504].includes(error.status));
      if (!passes || attempt >= attempts) throw error;
      // Glance has to see for itself that the connection broke before it takes the image again.
      await sleep(context.clock, 1000 * 2 ** attempt, context.signal);
    }
  }
}

interface GlanceImage {
  readonly id: string;
  readonly status: string;
  readonly hash: { readonly algorithm: string; readonly value: string } | undefined;
}

const workingStates = ['saving', 'importing', 'uploading'];

/** Waits until Glance is done with an image, and compares what it has with what was sent. */
async function checked(
  { http, clock, signal }: PlatformContext,
  { headers }: Session,
  url: URL,
  sha512: string,
): Promise<void> {
  for (;;) {
    const answer = await http.send({ method: 'GET', url, to: 'describe the image', headers, signal });
    const { status, hash } = imageIn(jsonOf(answer));
    if (workingStates.includes(status)) {
      await sleep(clock, 2000, signal);
      continue;
    }
    if (status !== 'active') {
      throw new PlatformError(`Glance did not take the image: it is ${status}.`, { detail: answer.text });
    }
    if (hash?.algorithm === 'sha512' && hash.value !== sha512) {
      throw new PlatformError('Glance has something else than what was sent: the checksums differ.', {
        detail: `sha512 ${sha512}\n${answer.text}`,
      });
    }
    return;
  }
}

function imageIn(body: unknown): GlanceImage {
  if (!isRecord(body) || typeof body['id'] !== 'string' || typeof body['status'] !== 'string') {
    throw new PlatformError('What answers is no Glance: it describes no image.', {
      detail: JSON.stringify(body),
    });
  }
  const { id, status, os_hash_algo: algorithm, os_hash_value: value } = body;
  const isHashed = typeof algorithm === 'string' && typeof value === 'string';
  return { id, status, hash: isHashed ? { algorithm, value } : undefined };
}

/** The account's Glance, or the one in Keystone's catalog. */
function imagesUrl({ account }: PlatformContext, session: Session): URL {
  const { glanceUrl = '' } = (account ?? {}) as Dto<'CredAccountOpenStack'>;
  const url = glanceUrl.trim() === '' ? session.endpoint('image') : URL.parse(glanceUrl);
  if (url === undefined || url === null) {
    throw new PlatformError(
      'Keystone’s catalog has no image service: say in glanceUrl of the account where Glance is, for example https://glance.example.com:9292.',
    );
  }
  return new URL(`${url.href.replace(/\/(?:v[12](?:\.\d)?)?\/*$/, '')}/v2/images`);
}

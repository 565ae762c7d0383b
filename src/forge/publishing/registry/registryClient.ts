import { isPlainHttp } from '../../../uforge/plainHttp.ts';
import { isRecord } from '../../../uforge/isRecord.ts';
import { sleep } from '../../../uforge/clock.ts';
import { later } from '../later.ts';
import { PlatformError } from '../platformError.ts';
import { jsonOf, refusalOf, type Place, type PlatformAnswer, type PlatformRequest } from '../platformHttp.ts';
import type { PlatformContext } from '../publisher.ts';
import type { Descriptor, ReadPart } from './ociArchive.ts';

export interface RegistryLogin {
  readonly user: string;
  readonly password: string;
}

type Request = Omit<PlatformRequest, 'signal' | 'url'> & {
  readonly path: string | URL;
  /** The context's unless given. */
  readonly signal?: AbortSignal;
};

/**
 * What is sent in one request: as much as there is already, within these bounds. A cancel lets it end, since
 * Docker’s registry keeps what came of a broken one and then neither goes on with that upload nor removes it,
 * until it tidies up by itself.
 */
const chunkSizes = { least: 4 * 1024 * 1024, most: 32 * 1024 * 1024 };
const lastChunkMs = 5000;
/** Breaks in a row without a byte between them. */
const patience = 5;

/** One repository of a registry: OCI distribution specification 1.1, with Docker’s token authentication. */
export class RegistryClient {
  readonly #base: URL;
  readonly #repository: string;
  readonly #login: RegistryLogin | undefined;
  readonly #context: PlatformContext;
  #authorization: string | undefined;

  constructor(base: URL, repository: string, login: RegistryLogin | undefined, context: PlatformContext) {
    this.#base = base;
    this.#repository = repository;
    this.#login = login;
    this.#context = context;
  }

  /** Whether the registry lets the account in at all. */
  async ping(): Promise<void> {
    await this.#send({ method: 'GET', path: '/v2/', to: 'log in' });
  }

  async hasBlob(digest: string): Promise<boolean> {
    const { status } = await this.#send({
      ...{ method: 'HEAD', path: this.#path(`blobs/${digest}`), to: 'look for a blob' },
      // A blob may lie on another server.
      accepts: [301, 302, 307, 404],
    });
    return status !== 404;
  }

  /**
   * @param began is told the upload's address, for `cancelUpload`: another one with every chunk
   * @param onBytes the bytes of the blob that the registry has, or was sent
   */
  async pushBlob(
    { digest, size, read }: Descriptor & { readonly read: ReadPart },
    began: (upload: string) => void,
    onBytes: (done: number) => void,
  ): Promise<void> {
    let upload = await this.#beginUpload();
    began(upload.href);
    let offset = 0;
    for (let breaks = 0; offset < size;) {
      const chunkSize = Math.min(Math.max(offset, chunkSizes.least), chunkSizes.most);
      const part = { start: offset, length: Math.min(chunkSize, size - offset) };
      try {
        const answer = await this.#sendChunk(upload, read, part, onBytes);
        upload = this.#locationOf(answer, upload);
        began(upload.href);
        offset += part.length;
        breaks = 0;
      } catch (error) {
        const passes = error instanceof PlatformError && canPass(error.status);
        if (!passes || ++breaks > patience) throw error;
        await sleep(this.#context.clock, 500 * 2 ** breaks, this.#context.signal);
        const has = await this.#bytesOf(upload);
        if (has === undefined) {
          upload = await this.#beginUpload();
          began(upload.href);
        }
        if ((has ?? 0) > offset) breaks = 0;
        offset = has ?? 0;
      }
      this.#context.signal.throwIfAborted();
      onBytes(offset);
    }
    upload.searchParams.set('digest', digest);
    await this.#send({
      ...{ method: 'PUT', path: upload, to: 'finish an upload' },
      headers: { 'content-length': '0' },
    });
  }

  /** Removes an upload that was begun, and what of it was sent. */
  async cancelUpload(upload: string): Promise<void> {
    const path = new URL(upload);
    await this.#send({ method: 'DELETE', path, to: 'cancel an upload', accepts: [404] });
  }

  async putManifest(tag: string, bytes: Buffer, mediaType: string): Promise<void> {
    await this.#send({
      ...{ method: 'PUT', path: this.#path(`manifests/${tag}`), to: `tag the image as ${tag}` },
      headers: { 'content-type': mediaType },
      body: bytes,
    });
  }

  async #beginUpload(): Promise<URL> {
    const answer = await this.#send({
      ...{ method: 'POST', path: this.#path('blobs/uploads/'), to: `push to ${this.#repository}` },
      headers: { 'content-length': '0' },
      attempts: 1,
    });
    return this.#locationOf(answer, this.#base);
  }

  async #sendChunk(
    upload: URL,
    read: ReadPart,
    part: Place,
    onBytes: (done: number) => void,
  ): Promise<PlatformAnswer> {
    let done = part.start;
    using patient = later(this.#context, lastChunkMs);
    return await this.#send({
      ...{ method: 'PATCH', path: upload, to: `push to ${this.#repository}` },
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(part.length),
        'content-range': `${part.start}-${part.start + part.length - 1}`,
      },
      body: read(part, (bytes) => onBytes((done += bytes.length))),
      attempts: 1,
      signal: patient.signal,
    });
  }

  /** What the registry has of an upload; undefined when it has forgotten it. */
  async #bytesOf(upload: URL): Promise<number | undefined> {
    const { status, headers } = await this.#send({
      ...{ method: 'GET', path: upload, to: 'say how much of an upload it has' },
      accepts: [404],
    });
    if (status === 404) return undefined;
    const last = /^(?:bytes=)?0-(\d+)$/.exec(headers['range'] ?? '')?.[1];
    // Nothing is `0-0`, as is one byte: that one is sent again.
    return last === undefined || last === '0' ? 0 : Number(last) + 1;
  }

  #path(rest: string): string {
    return `/v2/${this.#repository}/${rest}`;
  }

  #locationOf({ headers }: PlatformAnswer, base: URL): URL {
    const { location } = headers;
    if (location === undefined) {
      throw new PlatformError(`${base.host} does not say where to send the image: it is no registry.`);
    }
    const url = new URL(location, base);
    // An address without what it was asked by would be asked over http behind some proxies.
    if (url.host === this.#base.host) url.protocol = this.#base.protocol;
    return url;
  }

  /** Logs in when it is asked to, once. */
  async #send(request: Request): Promise<PlatformAnswer> {
    const { accepts = [] } = request;
    const url = new URL(request.path, this.#base);
    const attempt = (accepted: readonly number[]): Promise<PlatformAnswer> => {
      const authorization = url.host === this.#base.host ? this.#authorization : undefined;
      const headers = { ...request.headers, ...(authorization !== undefined && { authorization }) };
      return this.#context.http.send({ ...this.#signal, ...request, url, headers, accepts: accepted });
    };
    const answer = await attempt([...accepts, 401]);
    if (answer.status !== 401) return answer;
    this.#authorization = await this.#authorizationFor(answer);
    const again = await attempt([...accepts, 401]);
    if (again.status !== 401) return again;
    const isKnown = again.headers['www-authenticate']?.includes('insufficient_scope') ?? false;
    throw refusalOf({ url, to: request.to }, { ...again, status: isKnown ? 403 : 401 });
  }

  get #signal(): { readonly signal: AbortSignal } {
    return { signal: this.#context.signal };
  }

  async #authorizationFor({ headers }: PlatformAnswer): Promise<string | undefined> {
    const challenge = headers['www-authenticate'] ?? '';
    const basic =
      this.#login && `Basic ${Buffer.from(`${this.#login.user}:${this.#login.password}`).toString('base64')}`;
    if (!/^bearer /i.test(challenge)) return basic;
    const parameters = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value] as const),
    );
    const url = URL.parse(parameters.get('realm') ?? '');
    if (url === null || (isPlainHttp(url) && !isPlainHttp(this.#base))) {
      throw new PlatformError(`${this.#base.host} does not say where to log in.`, { detail: challenge });
    }
    const service = parameters.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    const scope =
      this.#repository === '' ? parameters.get('scope') : `repository:${this.#repository}:pull,push`;
    if (scope !== undefined) url.searchParams.set('scope', scope);
    const answer = await this.#context.http.send({
      ...{ method: 'GET', url, to: 'log in' },
      headers: basic === undefined ? {} : { authorization: basic },
      ...this.#signal,
    });
    const body = jsonOf(answer);
    const token = isRecord(body) ? (body['token'] ?? body['access_token']) : undefined;
    if (typeof token !== 'string') {
      throw new PlatformError(`${url.host} gives no token to log in to ${this.#base.host} with.`);
    }
    return `Bearer ${token}`;
  }
}

/** A broken connection, a server that is overloaded, and a range that does not follow what it has. */
function canPass(status: number | undefined): boolean {
  return status === undefined || status === 416 || status === 429 || status >= 500;
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Dto, PublishImage } from '../../../uforge/dto.ts';
import type { CredAccount } from '../../store/cloudSecrets.ts';
import { PlatformError } from '../platformError.ts';
import type { Platform, PublishWork } from '../publisher.ts';
import { partsOf, readOciArchive, type OciImage } from './ociArchive.ts';
import { RegistryClient, type RegistryLogin } from './registryClient.ts';

/** Registries of containers: Docker’s, OpenShift’s, and any that speaks the OCI distribution protocol. */
export const registry: Platform = {
  async publish(context, work) {
    const { host, base, login } = serverOf(context.account);
    const { repository, tag } = nameOf(work.request, work);
    const client = new RegistryClient(base, repository, login, context);
    const { manifest, blobs } = await imageOf(work);
    const { observer } = work;
    const total = blobs.reduce((sum, { size }) => sum + size, 0);
    let before = 0;
    for (const blob of blobs) {
      const told = (done: number): void =>
        observer.progress(`Pushing to ${host}`, { done: before + done, total });
      told(0);
      if (!(await client.hasBlob(blob.digest))) {
        await client.pushBlob(blob, (upload) => observer.unfinished(upload), told);
        observer.unfinished(undefined);
      }
      before += blob.size;
    }
    observer.progress(`Tagging ${repository}:${tag}`, { done: total, total });
    await client.putManifest(tag, manifest.bytes, manifest.mediaType);
    return { cloudId: `${host}/${repository}:${tag}`, location: `${host}/${repository}@${manifest.digest}` };
  },

  async cleanUp(context, request, unfinished) {
    const { base, login } = serverOf(context.account);
    const { repository } = nameOf(request, undefined);
    await new RegistryClient(base, repository, login, context).cancelUpload(unfinished);
  },

  async resources(context) {
    const { host, base, login } = serverOf(context.account);
    await new RegistryClient(base, '', login, context).ping();
    // It has nothing to choose from. Whoever asks has been let in, which an empty answer would not say.
    return { resources: [{ type: 'registry', key: host, value: host }] };
  },
};

interface RegistryServer {
  /** As images are named by it. */
  readonly host: string;
  readonly base: URL;
  readonly login: RegistryLogin | undefined;
}

type DockerAccount = Dto<'CredAccountDocker'>;
type OpenShiftAccount = Dto<'CredAccountOpenShift'>;

function serverOf(account: CredAccount | undefined): RegistryServer {
  const { endpointUrl, login = '', password = '' } = (account ?? {}) as DockerAccount;
  const { registryUrl, token = '' } = (account ?? {}) as OpenShiftAccount;
  const asked = (registryUrl ?? endpointUrl ?? '').trim();
  const base = URL.parse(/^https?:\/\//.test(asked) ? asked : `https://${asked}`);
  if (asked === '' || base === null) {
    throw new PlatformError(
      'The account does not say where its registry is, for example https://registry.example.com.',
    );
  }
  const isHub = /(^|\.)docker\.(io|com)$/.test(base.hostname);
  return {
    host: isHub ? 'docker.io' : base.host,
    base: isHub ? new URL('https://registry-1.docker.io') : new URL('/', base),
    // OpenShift’s registry takes a token with any name of a user.
    login:
      token !== ''
        ? { user: 'openshift', password: token }
        : login === ''
          ? undefined
          : { user: login, password },
  };
}

/** What names and tags may be: OCI distribution specification, “Pulling manifests”. */
const repositoryPattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;

/** @param work what a tag is made of where none is asked for */
function nameOf(
  request: PublishImage,
  work: PublishWork | undefined,
): { readonly repository: string; readonly tag: string } {
  const { namespace = '', repositoryName = '', tagName = '' } = request as Dto<'PublishImageDocker'>;
  const repository = [namespace, repositoryName].filter((part) => part !== '').join('/');
  const tag = tagName === '' ? (work?.version ?? 'latest') : tagName;
  if (!repositoryPattern.test(repository)) {
    throw new PlatformError(
      `“${repository}” is no name of a repository: namespace and repositoryName are small letters, digits, and single . _ - between them.`,
    );
  }
  if (!tagPattern.test(tag)) {
    throw new PlatformError(
      `“${tag}” is no tag: say in tagName up to 128 letters, digits, “_”, “.” and “-”.`,
    );
  }
  return { repository, tag };
}

/** The image as a registry takes it: a container as it is, any other file as an artifact of one layer. */
async function imageOf(work: PublishWork): Promise<OciImage> {
  if (work.targetFormat === 'Docker' || work.targetFormat === 'OpenShift')
    return await readOciArchive(work.path);
  return await artifactOf(work);
}

/** The configuration of what has none. */
const empty = Buffer.from('{}');

/** OCI image specification 1.1, “Guidelines for Artifact Usage”. */
async function artifactOf({ path, file }: PublishWork): Promise<OciImage> {
  const { size } = await stat(path);
  const layer = { mediaType: file.mimeType, digest: `sha256:${file.sha256}`, size };
  const config = {
    mediaType: 'application/vnd.oci.empty.v1+json',
    digest: digestOf(empty),
    size: empty.length,
  };
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const bytes = Buffer.from(
    JSON.stringify({
      ...{ schemaVersion: 2, mediaType, artifactType: file.mimeType, config },
      layers: [{ ...layer, annotations: { 'org.opencontainers.image.title': file.fileName } }],
    }),
  );
  return {
    manifest: { bytes, mediaType, digest: digestOf(bytes) },
    blobs: [
      { ...config, read: () => () => Readable.from([empty]) },
      { ...layer, read: partsOf(path, { start: 0, length: size }) },
    ],
  };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Plan } from '../plan/plan.ts';
import { hostnameOf } from '../plan/settings.ts';
import type { ArchiveFile } from './archive.ts';
import { hashOfFile } from './chunks.ts';

/** A blob as the index and the manifest name it. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const mediaTypes = {
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  config: 'application/vnd.oci.image.config.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
};

/** The files of an OCI image layout 1.0 with one image of one layer (OCI image specification, "Image Layout"). */
export async function ociArchive(image: {
  readonly plan: Plan;
  readonly rootTar: string;
  /** The same, compressed. */
  readonly layer: string;
  readonly signal: AbortSignal;
  /** Bytes that have been hashed, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}): Promise<ArchiveFile[]> {
  const { plan, rootTar } = image;
  const total = (await stat(rootTar)).size + (await stat(image.layer)).size;
  let done = 0;
  const onBytes = (count: number): void => {
    image.signal.throwIfAborted();
    image.onProgress((done += count), total);
  };
  const layer: Descriptor = {
    mediaType: mediaTypes.layer,
    digest: `sha256:${await hashOfFile(image.layer, 'sha256', onBytes)}`,
    size: (await stat(image.layer)).size,
  };
  const created = new Date(plan.epoch * 1000).toISOString().replace('.000', '');
  const config = json({
    created,
    architecture: 'amd64',
    os: 'linux',
    config: {
      Entrypoint: plan.entrypoint ?? ['/bin/sh'],
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      WorkingDir: '/',
    },
    rootfs: { type: 'layers', diff_ids: [`sha256:${await hashOfFile(rootTar, 'sha256', onBytes)}`] },
    history: [{ created, created_by: 'Appliance Forge' }],
  });
  const configDescriptor = descriptorOf(config, mediaTypes.config);
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: configDescriptor,
    layers: [layer],
  });
  const tag = tagOf(plan.version);
  const index = json({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [
      {
        ...descriptorOf(manifest, mediaTypes.manifest),
        annotations: { 'org.opencontainers.image.ref.name': tag },
      },
    ],
  });
  // What docker load of before version 25 reads instead of the index.
  const forOldDockers = json([
    {
      Config: blob(configDescriptor),
      RepoTags: [containerName({ name: plan.applianceName, version: plan.version })],
      Layers: [blob(layer)],
    },
  ]);
  return [
    { name: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', content: index },
    { name: 'manifest.json', content: forOldDockers },
    { name: blob(configDescriptor), content: config },
    { name: blob(descriptorOf(manifest, mediaTypes.manifest)), content: manifest },
    { name: blob(layer), content: { path: image.layer } },
  ];
}

/** What Docker calls an image once it is loaded. */
export function containerName(appliance: { readonly name: string; readonly version: string }): string {
  return `${hostnameOf(appliance.name)}:${tagOf(appliance.version)}`;
}

/** What a tag may be: OCI distribution specification, “Pulling manifests”. */
function tagOf(version: string): string {
  return version
    .replace(/[^\w.-]/g, '-')
    .replace(/^[.-]/, '_')
    .slice(0, 128);
}

function blob({ digest }: Descriptor): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function descriptorOf(bytes: Buffer, mediaType: string): Descriptor {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  return { mediaType, digest, size: bytes.length };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

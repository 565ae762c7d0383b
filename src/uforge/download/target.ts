import { stat } from 'node:fs/promises';
import { join, parse } from 'node:path';
import type { Image } from '../dto.ts';
import { UForgeError } from '../errors.ts';

/** What a ticket says of its file. */
export interface Expected {
  /** A plain name for a file in a folder of ours. */
  readonly fileName: string;
  /** What the server calls it, for `machineImage_downloadFile`. */
  readonly remoteName: string | undefined;
  /** Bytes; undefined when the server does not say. */
  readonly size: number | undefined;
  readonly checksum: { readonly algorithm: 'sha256' | 'md5'; readonly value: string } | undefined;
  readonly downloadKey: string | undefined;
}

/**
 * What is to be downloaded for a ticket. Throws `UForgeError` `invalid`, with the reason, when nothing is.
 */
export function expectedFile(image: Image): Expected {
  if (image.simulated) throw new UForgeError('invalid', 'This image is only a simulation: there is no file.');
  if (image.status?.error || image.status?.cancelled || !image.status?.complete) {
    throw new UForgeError('invalid', 'This image is not complete, so there is nothing to download.');
  }
  // A server that says where the file is lets it go.
  if (image.compress === false && image.downloadUri === undefined) {
    throw new UForgeError(
      'invalid',
      'This image was requested without compress, so the server keeps no file to download.',
    );
  }
  const uri = new URL(image.downloadUri ?? '', 'http://server/');
  return {
    remoteName: remoteName(image, uri),
    fileName: fileNameOf(image, uri),
    size: Number(image.fileSize ?? 0) > 0 ? Number(image.fileSize) : undefined,
    checksum: checksumOf(image),
    downloadKey: image.downloadKey ?? uri.searchParams.get('downloadId') ?? undefined,
  };
}

function checksumOf(image: Image): Expected['checksum'] {
  const sha256 = image.sha256sum?.trim().toLowerCase();
  if (sha256 && /^[0-9a-f]{64}$/.test(sha256)) return { algorithm: 'sha256', value: sha256 };
  const md5 = image.md5sum?.trim().toLowerCase();
  return md5 && /^[0-9a-f]{32}$/.test(md5) ? { algorithm: 'md5', value: md5 } : undefined;
}

/** As in the download URI, else as in the ticket. */
function remoteName(image: Image, uri: URL): string | undefined {
  const inUri = /\/downloads\/([^/]+)$/.exec(uri.pathname)?.[1];
  return inUri === undefined ? image.fileName : decode(inUri);
}

/** What the server calls it, else made of the id; never more than a name in one folder. */
function fileNameOf(image: Image, uri: URL): string {
  const name = safeName(remoteName(image, uri) ?? '') || `image-${String(image.dbId ?? 'download')}`;
  const extension = safeName(image.fileExtension ?? '');
  return extension === '' || name.includes('.') ? name : `${name}.${extension}`;
}

function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  return last
    .replace(/[\p{Cc}<>:"|?*]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '')
    .slice(0, 200);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A path in the directory at which nothing is yet: `name.ova`, else `name (2).ova` and so on. */
export async function freePath(directory: string, fileName: string): Promise<string> {
  const { name, ext } = parse(fileName);
  for (let copy = 1; ; copy++) {
    const path = join(directory, copy === 1 ? fileName : `${name} (${copy})${ext}`);
    if ((await sizeOf(path)) === undefined) return path;
  }
}

/** Bytes of a file, or undefined when there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  return stats?.size;
}

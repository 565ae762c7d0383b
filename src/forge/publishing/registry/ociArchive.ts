import { open, type FileHandle } from 'node:fs/promises';
import { PlatformError } from '../platformError.ts';
import { partOfFile, type Place } from '../platformHttp.ts';

/** A part of a blob as a request's body: `onBytes` is told how many more were read. */
export type ReadPart = (part: Place, onBytes: (bytes: Uint8Array) => void) => () => AsyncIterable<Uint8Array>;

/** A blob as a manifest names it. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export interface OciImage {
  readonly manifest: { readonly bytes: Buffer; readonly mediaType: string; readonly digest: string };
  /** Configuration and layers. */
  readonly blobs: readonly (Descriptor & { readonly read: ReadPart })[];
}

const block = 512;

/**
 * The image in an OCI archive as the forge writes it: a plain tar of an image layout with one manifest. Nothing is unpacked,
 * blobs are sent from where they lie.
 */
export async function readOciArchive(path: string): Promise<OciImage> {
  await using file = await open(path, 'r');
  const places = await placesIn(file);
  const read = async (name: string): Promise<Buffer> => {
    const place = places.get(name);
    if (place === undefined) throw notAnArchive(path);
    const { buffer } = await file.read(Buffer.alloc(place.length), 0, place.length, place.start);
    return buffer;
  };
  const index = JSON.parse((await read('index.json')).toString()) as { readonly manifests: Descriptor[] };
  const [described] = index.manifests;
  if (described === undefined) throw notAnArchive(path);
  const bytes = await read(blobName(described.digest));
  const { config, layers } = JSON.parse(bytes.toString()) as {
    readonly config: Descriptor;
    readonly layers: readonly Descriptor[];
  };
  const blobs = [config, ...layers].map((blob) => {
    const place = places.get(blobName(blob.digest));
    if (place?.length !== blob.size) throw notAnArchive(path);
    return { ...blob, read: partsOf(path, place) };
  });
  return { manifest: { bytes, mediaType: described.mediaType, digest: described.digest }, blobs };
}

/** A blob that lies in a file. */
export function partsOf(path: string, place: Place): ReadPart {
  return ({ start, length }, onBytes) => partOfFile(path, { start: place.start + start, length }, onBytes);
}

/** The files of a plain tar (ustar) by their names. A reader of streams would read gigabytes to find them. */
async function placesIn(file: FileHandle): Promise<Map<string, Place>> {
  const places = new Map<string, Place>();
  const header = Buffer.alloc(block);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(header, 0, block, at);
    if (bytesRead < block || header[0] === 0) return places;
    const length = sizeIn(header);
    places.set(header.toString('utf8', 0, 100).replace(/\0.*$/s, ''), { start: at + block, length });
    at += block + Math.ceil(length / block) * block;
  }
}

/** Octal digits, or a number of base 256 for 8 GiB and more. */
function sizeIn(header: Buffer): number {
  const field = header.subarray(124, 136);
  if ((field[0] ?? 0) & 0x80) return Number(field.readBigUInt64BE(4));
  return Number.parseInt(field.toString('latin1'), 8);
}

function blobName(digest: string): string {
  return `blobs/${digest.replace(':', '/')}`;
}

function notAnArchive(path: string): PlatformError {
  return new PlatformError(
    'The image’s file is no OCI archive: it has been changed since it was generated.',
    {
      detail: path,
    },
  );
}

import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { extract } from 'tar-stream';

export interface FileEntry {
  readonly kind: 'file';
  readonly mode: number;
  /** To be read, if at all, before the next entry is asked for. */
  readonly content: () => AsyncIterable<Uint8Array>;
}

/** What is no file: a link, or something that has no business in an archive of ours. */
export type OtherEntry =
  | { readonly kind: 'directory'; readonly mode: number }
  | { readonly kind: 'symlink' | 'hardLink'; readonly target: string }
  | { readonly kind: 'other'; readonly what: string };

interface TarEntry {
  readonly name: string;
  readonly entry: OtherEntry | (FileEntry & { readonly size: number });
}

/**
 * What is in a tar, one after the other, as the tar says: nothing is checked, nothing is written. Whoever reads it does
 * not go on before all of the tar has stopped.
 * @param onRead is told how many bytes of the tar were read, headers and padding, too; it may throw
 */
export async function* tarEntries(
  tar: Readable,
  onRead: (bytes: number) => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<TarEntry> {
  const entries = extract();
  const counted = async function* (bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      onRead(chunk.length);
      yield chunk;
    }
  };
  const reading = pipeline(tar, counted, entries, { signal });
  reading.catch(() => undefined);
  try {
    for await (const each of entries) {
      const { name, type, mode, size, linkname } = each.header;
      if (type === 'file' || type === 'contiguous-file') {
        const content = (): AsyncIterable<Uint8Array> => each as AsyncIterable<Uint8Array>;
        yield { name, entry: { kind: 'file', mode, size, content } };
      } else if (type === 'directory') yield { name, entry: { kind: 'directory', mode } };
      else if (type === 'symlink') yield { name, entry: { kind: 'symlink', target: linkname } };
      else if (type === 'link') yield { name, entry: { kind: 'hardLink', target: linkname } };
      else yield { name, entry: { kind: 'other', what: type } };
      each.resume();
    }
    await reading;
  } finally {
    entries.destroy();
    await reading.catch(() => undefined);
  }
}

/** What comes out of a decompressor; both ends end with the other. */
export function through(source: Readable, decompressor: Transform): Readable {
  source.on('error', (error) => decompressor.destroy(error));
  return source.pipe(decompressor).on('close', () => source.destroy());
}

/** The parts of a name in an archive as a path below the folder it is unpacked into; undefined when it leads out. */
export function partsBelow(name: string): readonly string[] | undefined {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  return name.startsWith('/') || name.includes('\\') || parts.includes('..') ? undefined : parts;
}

/** Whether no file system would have it. */
export function isTooLong(part: string): boolean {
  return Buffer.byteLength(part) > 255;
}

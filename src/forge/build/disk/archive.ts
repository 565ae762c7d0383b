import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';

/** A file in an archive: bytes, a file of this computer, or bytes that depend on the hashes of those before it. */
export interface ArchiveFile {
  readonly name: string;
  readonly content: Buffer | { readonly path: string } | ((sha256: ReadonlyMap<string, string>) => Buffer);
  readonly executable?: boolean;
}

export interface ArchiveRequest {
  readonly files: readonly ArchiveFile[];
  readonly target: string;
  /** Seconds since 1970: the date of every file. */
  readonly epoch: number;
  readonly signal: AbortSignal;
  /** Bytes so far, and in all. */
  readonly onProgress: (done: number, total: number) => void;
}

/** Writes a tar archive (ustar) with these files in this order, of nobody in particular and of one date. */
export async function writeArchive(request: ArchiveRequest): Promise<void> {
  const { files, target, epoch, signal, onProgress } = request;
  signal.throwIfAborted();
  const sizes = await Promise.all(files.map(({ content }) => sizeOf(content)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const archive = pack();
  archive.on('error', () => undefined);
  const writing = pipeline(archive, createWriteStream(target), { signal });
  const hashes = new Map<string, string>();
  let done = 0;
  const add = async ({ name, content, executable }: ArchiveFile, size: number): Promise<void> => {
    const attributes = {
      name,
      mode: executable ? 0o755 : 0o644,
      mtime: new Date(epoch * 1000),
      uid: 0,
      gid: 0,
    };
    if (Buffer.isBuffer(content) || typeof content === 'function') {
      const bytes = Buffer.isBuffer(content) ? content : content(hashes);
      hashes.set(name, createHash('sha256').update(bytes).digest('hex'));
      archive.entry(attributes, bytes);
      return;
    }
    const hash = createHash('sha256');
    const hashed = new Transform({
      transform(chunk: Buffer, _encoding, next) {
        hash.update(chunk);
        done += chunk.length;
        onProgress(done, total);
        next(null, chunk);
      },
    });
    const from = createReadStream(content.path, { highWaterMark: 2 ** 20 });
    const entry = archive.entry({ ...attributes, size });
    // It tells of an abort once more when nobody listens any longer, and that would end the process.
    entry.on('error', () => undefined);
    await pipeline(from, hashed, entry, { signal });
    hashes.set(name, hash.digest('hex'));
  };
  try {
    for (const [index, file] of files.entries()) await Promise.race([add(file, sizes[index] ?? 0), writing]);
    archive.finalize();
    await writing;
  } catch (error) {
    await giveUp(archive, writing);
    throw error;
  }
}

async function sizeOf(content: ArchiveFile['content']): Promise<number> {
  return typeof content === 'object' && 'path' in content ? (await stat(content.path)).size : 0;
}

async function giveUp(archive: Pack, writing: Promise<void>): Promise<void> {
  archive.destroy();
  await writing.catch(() => undefined);
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { open, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { pack, type Pack } from 'tar-stream';
import { Appender } from './appender.ts';
import { chunksIn } from './chunks.ts';

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

const block = 512;

/** Writes a tar archive (ustar) with these files in this order, of nobody in particular and of one date. */
export async function writeArchive(request: ArchiveRequest): Promise<void> {
  const { files, target, epoch, signal, onProgress } = request;
  signal.throwIfAborted();
  const sizes = await Promise.all(files.map(({ content }) => sizeOf(content)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const hashes = new Map<string, string>();
  await using file = await open(target, 'w');
  const out = new Appender(file);
  let done = 0;
  for (const [index, { name, content, executable }] of files.entries()) {
    const hash = createHash('sha256');
    const isFile = typeof content === 'object' && 'path' in content;
    const bytes = isFile ? undefined : typeof content === 'function' ? content(hashes) : content;
    const size = bytes?.length ?? sizes[index] ?? 0;
    const mode = executable ? 0o755 : 0o644;
    const mtime = new Date(epoch * 1000);
    await out.append(await header({ name, mode, mtime, uid: 0, gid: 0, size }));
    const body = out.end;
    for await (const chunk of isFile ? chunksIn(content.path) : [bytes ?? Buffer.alloc(0)]) {
      signal.throwIfAborted();
      hash.update(chunk);
      await out.append(chunk);
      if (isFile) onProgress((done += chunk.length), total);
    }
    if (out.end - body !== size) throw new Error(`${name} has changed while it was put into an archive.`);
    await out.pad(block);
    hashes.set(name, hash.digest('hex'));
  }
  await out.append(Buffer.alloc(2 * block));
  await out.flush();
}

/** tar-stream writes the header; the files themselves need no streams, and pass through one piece of memory. */
async function header(attributes: Parameters<Pack['entry']>[0]): Promise<Buffer> {
  const archive = pack();
  const chunks: Buffer[] = [];
  const began = once(archive, 'data');
  archive.on('data', (chunk) => void chunks.push(chunk as Buffer));
  archive.on('error', () => undefined);
  archive.entry(attributes).on('error', () => undefined);
  await began;
  // A long name is several blocks, which come together.
  await setImmediate();
  archive.destroy();
  return Buffer.concat(chunks);
}

async function sizeOf(content: ArchiveFile['content']): Promise<number> {
  return typeof content === 'object' && 'path' in content ? (await stat(content.path)).size : 0;
}

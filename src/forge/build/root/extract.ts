import { spawn } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, posix } from 'node:path';
import { PassThrough, Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract } from 'tar-stream';
import { open, type Entry, type ZipFile } from 'yauzl';

/** Of everything inside, unpacked. */
export interface ExtractLimits {
  readonly bytes: number;
  readonly files: number;
}

export const extractLimits: ExtractLimits = { bytes: 8 * 1024 ** 3, files: 200_000 };

/** An archive of a bundle that must not be unpacked: what is wrong with it. */
export class HostileArchive extends Error {
  override readonly name = 'HostileArchive';
}

/**
 * Unpacks an archive, which anybody may have made, into a folder: a tar, plain or compressed, a zip, or one
 * compressed file. No path and no link leaves the folder, there are no devices, number and size are bounded.
 * @throws {HostileArchive}, the signal's reason, or an error of the file system
 */
export async function extractArchive(
  file: string,
  folder: string,
  signal: AbortSignal,
  limits: ExtractLimits = extractLimits,
): Promise<void> {
  const name = file.toLowerCase();
  try {
    // All of it is looked at before any of it is written.
    for (const writes of [false, true]) {
      const writer = new TreeWriter(folder, limits, writes);
      if (name.endsWith('.zip')) await extractZip(file, writer, signal);
      else if (/\.(tar|tgz|tbz2?|txz)$|\.tar\.\w+$/.test(name)) await extractTar(file, writer, signal);
      else {
        const target = basename(file).replace(/\.\w+$/, '');
        await writer.file(target, 0o644, undefined, () => decompressed(file, signal));
      }
      await writer.finish();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof HostileArchive || isSystemError(error)) throw error;
    throw new HostileArchive(`it is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Writes what an archive holds, or only looks whether it may be. Links come last: nothing is ever written through one. */
class TreeWriter {
  readonly #folder: string;
  readonly #limits: ExtractLimits;
  readonly #symlinks = new Map<string, string>();
  readonly #hardLinks = new Map<string, string>();
  readonly #writes: boolean;
  #count = 0;
  #bytes = 0;

  constructor(folder: string, limits: ExtractLimits, writes: boolean) {
    this.#folder = folder;
    this.#limits = limits;
    this.#writes = writes;
  }

  async directory(name: string): Promise<void> {
    const path = join(this.#folder, this.#checked(name));
    if (this.#writes) await mkdir(path, { recursive: true });
  }

  /** @param size as the archive says, in bytes; undefined where it doesn't */
  async file(
    name: string,
    mode: number,
    size: number | undefined,
    open: () => Readable | Promise<Readable>,
  ): Promise<void> {
    const path = join(this.#folder, this.#checked(name));
    if (!this.#writes) {
      if (size !== undefined) this.#countBytes(size);
      else for await (const chunk of await open()) this.#countBytes((chunk as Buffer).length);
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    const counter = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        try {
          this.#countBytes(chunk.length);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
    const target = createWriteStream(path, { mode: (mode & 0o111) === 0 ? 0o644 : 0o755 });
    // What is twice in an archive is there as it was last, as tar does it.
    await pipeline(await open(), counter, target);
  }

  #countBytes(more: number): void {
    this.#bytes += more;
    if (this.#bytes > this.#limits.bytes) throw this.#tooLarge();
  }

  symlink(name: string, target: string): void {
    const path = this.#checked(name);
    const leadsTo = posix.normalize(posix.join(posix.dirname(path), target));
    if (target.startsWith('/') || leadsTo === '..' || leadsTo.startsWith('../')) {
      throw new HostileArchive(`the link “${name}” leads out of it, to “${target}”`);
    }
    this.#symlinks.set(path, target);
  }

  hardLink(name: string, target: string): void {
    this.#hardLinks.set(this.#checked(name), relativePath(target));
  }

  async finish(): Promise<void> {
    for (const [name, target] of this.#hardLinks) {
      this.#refuseThroughLink(target);
      if (!this.#writes) continue;
      await mkdir(dirname(join(this.#folder, name)), { recursive: true });
      await link(join(this.#folder, target), join(this.#folder, name));
    }
    for (const [name, target] of this.#writes ? this.#symlinks : []) {
      await mkdir(dirname(join(this.#folder, name)), { recursive: true });
      await symlink(target, join(this.#folder, name));
    }
  }

  #checked(name: string): string {
    if (++this.#count > this.#limits.files) {
      throw new HostileArchive(`it has more than ${this.#limits.files} files`);
    }
    const path = relativePath(name);
    this.#refuseThroughLink(path);
    return path;
  }

  #refuseThroughLink(path: string): void {
    for (let at = path; at !== '.' && at !== ''; at = posix.dirname(at)) {
      if (this.#symlinks.has(at)) throw new HostileArchive(`“${path}” goes through the link “${at}”`);
    }
  }

  #tooLarge(): HostileArchive {
    return new HostileArchive(`it is larger than ${Math.floor(this.#limits.bytes / 1024 ** 2)} MB unpacked`);
  }
}

/** @throws {HostileArchive} for a path that isn't one below the folder */
function relativePath(name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  const fits = !name.startsWith('/') && !/[\0\\]/.test(name) && name.length <= 4096;
  if (!fits || parts.includes('..')) {
    throw new HostileArchive(`the path “${name.slice(0, 200)}” leads out of it`);
  }
  return parts.length === 0 ? '.' : parts.join('/');
}

async function extractTar(file: string, writer: TreeWriter, signal: AbortSignal): Promise<void> {
  const entries = extract();
  const reading = pipeline(decompressed(file, signal), entries, { signal });
  const writing = (async (): Promise<void> => {
    for await (const entry of entries) {
      const { name, type, mode, linkname } = entry.header;
      if (type === 'file' || type === 'contiguous-file') {
        await writer.file(name, mode, entry.header.size, () => entry as unknown as Readable);
        entry.resume();
        continue;
      }
      if (type === 'directory') await writer.directory(name);
      else if (type === 'symlink') writer.symlink(name, linkname);
      else if (type === 'link') writer.hardLink(name, linkname);
      else throw new HostileArchive(`“${name}” is a ${type}, not a file`);
      entry.resume();
    }
  })();
  try {
    await Promise.all([reading, writing]);
  } catch (error) {
    entries.destroy();
    await Promise.allSettled([reading, writing]);
    const [, written] = await Promise.allSettled([reading, writing]);
    throw written.status === 'rejected' ? written.reason : error;
  }
}

/** yauzl refuses absolute paths and `..` by itself; links are a Unix mode in a zip's own words. */
async function extractZip(file: string, writer: TreeWriter, signal: AbortSignal): Promise<void> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(file, { lazyEntries: true, autoClose: false }, (error, found) => {
      if (error === null) resolve(found);
      else reject(error);
    });
  });
  try {
    for await (const entry of entriesOf(zip)) {
      signal.throwIfAborted();
      const mode = entry.externalFileAttributes >>> 16;
      const kind = mode & 0o170000;
      if (entry.fileName.endsWith('/')) await writer.directory(entry.fileName);
      else if (kind === 0 || kind === 0o100000) {
        await writer.file(entry.fileName, mode & 0o777, entry.uncompressedSize, () => contentOf(zip, entry));
      } else if (kind === 0o120000 && entry.uncompressedSize < 4096) {
        const chunks: Buffer[] = [];
        for await (const chunk of await contentOf(zip, entry)) chunks.push(chunk as Buffer);
        writer.symlink(entry.fileName, Buffer.concat(chunks).toString());
      } else throw new HostileArchive(`“${entry.fileName}” is no file`);
    }
  } finally {
    zip.close();
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip.removeAllListeners();
      zip.once('entry', resolve);
      zip.once('end', () => resolve(undefined));
      zip.once('error', reject);
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      // It may fail before anybody reads it (more bytes than it says); who reads it then is told.
      if (error === null) resolve(stream.on('error', () => undefined));
      else reject(error);
    });
  });
}

/** The bytes behind whatever the file's name says it is compressed with. */
function decompressed(file: string, signal: AbortSignal): Readable {
  const source = createReadStream(file);
  if (/\.(t?gz)$/i.test(file)) return source.pipe(withErrors(source, createGunzip()));
  if (/\.zst$/i.test(file)) return source.pipe(withErrors(source, createZstdDecompress()));
  const tool = /\.(bz2|tbz2?)$/i.test(file) ? 'bzip2' : /\.(xz|txz)$/i.test(file) ? 'xz' : undefined;
  if (tool === undefined) return source;
  source.destroy();
  const child = spawn(tool, ['-dc', '--', file], { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  // The end of the output says nothing yet: the exit code does.
  const output = new PassThrough();
  child.stdout.pipe(output, { end: false });
  child.on('error', (error) => output.destroy(error));
  child.on('close', (code) => {
    if (code === 0) output.end();
    else output.destroy(new Error(said.trim()));
  });
  return output;
}

function withErrors<T extends Transform>(source: Readable, transform: T): T {
  source.on('error', (error) => transform.destroy(error));
  return transform;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error && error.code !== 'ENOENT';
}

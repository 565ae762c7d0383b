import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdtemp, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { sentence, type Sentence } from '../uforge/language/sentence.ts';
import { isDiskFull, isSystemError } from '../uforge/systemError.ts';
import { checkDisk, diskFormatOf, readRange, type DiskFormat } from './diskFormat.ts';
import { usedByOthers } from './machineFolder.ts';
import { MachineError } from './machineError.ts';
import { missing } from './program.ts';

export interface Disk {
  readonly path: string;
  readonly format: DiskFormat;
}

export interface Disks {
  readonly disks: readonly Disk[];
  /** What of the cache they are, if anything. */
  readonly uses?: string;
}

interface Unpacking {
  readonly cacheDir: string;
  readonly progress: (message: Sentence) => void;
  readonly signal?: AbortSignal;
}

/** What unpacked images may take, bytes on the disk; those not used for longest go first. */
const largestCache = 20 * 2 ** 30;
const isArchive = /\.(ova|box|tar|tar\.gz|tgz)$/i;
const isDisk = /\.(vmdk|qcow2|raw|vhdx?|vdi|img)(\.gz)?$/i;

/**
 * The disks of an image, in order. Those in an archive, or compressed, are unpacked into a cache; the image itself is
 * never written to.
 * @throws {MachineError} when it is not there, has no disk, or leads to files of this computer
 */
export async function disksOf(image: string, unpacking: Unpacking): Promise<Disks> {
  const path = resolve(image);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) throw new MachineError('input', sentence`There is no file ${path}.`);
  if (!isArchive.test(path) && !path.endsWith('.gz'))
    return { disks: [await diskAt(path, unpacking.signal)] };
  const key = createHash('sha256')
    .update(`${path}\n${found.size}\n${found.mtimeMs}`)
    .digest('hex')
    .slice(0, 32);
  const cache = join(unpacking.cacheDir, 'machines');
  const unpacked = join(cache, key);
  if (!(await isThere(unpacked))) {
    await makeFolder(cache, 0o700);
    await makeRoom(cache, key);
    await unpackInto(unpacked, path, found.size, unpacking);
  }
  const now = new Date();
  await utimes(unpacked, now, now);
  const names = (await readdir(unpacked)).filter((name) => isDisk.test(name)).sort(inOrder);
  if (names.length === 0) throw new MachineError('input', sentence`There is no disk in ${path}.`);
  const disks: Disk[] = [];
  for (const name of names) disks.push(await diskAt(join(unpacked, name), unpacking.signal));
  return { disks, uses: key };
}

/** disk2 before disk10. */
function inOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function diskAt(path: string, signal: AbortSignal | undefined): Promise<Disk> {
  const format = await diskFormatOf(path);
  await checkDisk(path, format, signal);
  return { path, format };
}

/** All or nothing: it is unpacked beside its place, and two that do it at the same time don't meet. */
async function unpackInto(place: string, path: string, size: number, unpacking: Unpacking): Promise<void> {
  const part = await mkdtemp(`${place}.part-`);
  try {
    if (isArchive.test(path)) await untar(path, size, part, unpacking).finally(() => openUp(part));
    else await gunzip(path, size, join(part, basename(path, '.gz')), unpacking);
    await keepDisks(part, unpacking);
    await rename(part, place).catch((error: unknown) => {
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    });
  } catch (error) {
    unpacking.signal?.throwIfAborted();
    if (isDiskFull(error))
      throw new MachineError('failed', sentence`The disk is full: ${path} can’t be unpacked.`, String(error));
    if (error instanceof MachineError) throw error;
    throw new MachineError('input', sentence`${path} can’t be unpacked.`, String(error));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

/** An archive says which rights its folders have, the one it is unpacked into, too: none keeps out who removes them. */
async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(folder, entry.name));
  }
}

/** Disks come to the top and are unpacked; all else, and what is no plain file, goes. */
async function keepDisks(folder: string, unpacking: Unpacking): Promise<void> {
  for (const { name, parentPath } of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(parentPath, name);
    const found = await lstat(path).catch(() => undefined);
    if (found?.isFile() !== true || !isDisk.test(name)) continue;
    if (name.endsWith('.gz')) {
      await gunzip(path, found.size, join(folder, basename(name, '.gz')), unpacking);
      await rm(path);
    } else if (parentPath !== folder) await rename(path, join(folder, name));
  }
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isFile() && isDisk.test(entry.name)) continue;
    await rm(join(folder, entry.name), { recursive: true, force: true });
  }
}

/** tar knows the holes of GNU's archives, which no library of ours does; it is on Windows and macOS, too. */
async function untar(path: string, size: number, into: string, unpacking: Unpacking): Promise<void> {
  const isGzip = (await readRange(path, 0, 2)).equals(Buffer.from([0x1f, 0x8b]));
  const child = spawn('tar', ['-C', into, '-xf', '-'], {
    stdio: ['pipe', 'ignore', 'pipe'],
    ...(unpacking.signal && { signal: unpacking.signal }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  // Also where it was told to end: until it has, it writes into what is removed then.
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const steps = isGzip ? [createGunzip()] : [];
  const writing = pipeline([createReadStream(path), counting(path, size, unpacking), ...steps, child.stdin]);
  const wrong = await writing.then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const code = await closed;
  if (failure !== undefined) throw isSystemError(failure, 'ENOENT') ? await missing('tar') : failure;
  // tar stops reading at the archive's end, which may come before the file's.
  const isCut =
    wrong !== undefined &&
    'code' in wrong &&
    ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(wrong.code));
  if (code !== 0) throw new Error(said.trim() || String(wrong));
  if (wrong !== undefined && !isCut) throw wrong;
}

async function gunzip(path: string, size: number, target: string, unpacking: Unpacking): Promise<void> {
  await using file = await open(target, 'wx');
  let end = 0;
  const zeros = Buffer.alloc(2 ** 16);
  const writeSparse = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) {
      const isHole = chunk.equals(zeros.subarray(0, chunk.length));
      if (!isHole) await file.write(chunk, 0, chunk.length, end);
      end += chunk.length;
    }
  };
  await pipeline(
    createReadStream(path, { highWaterMark: 2 ** 20 }),
    counting(path, size, unpacking),
    createGunzip({ chunkSize: 2 ** 16 }),
    writeSparse,
    { signal: unpacking.signal },
  );
  await file.truncate(end);
}

function counting(path: string, size: number, { progress }: Unpacking): Transform {
  let bytes = 0;
  let told = -1;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      const percent = Math.floor((bytes / Math.max(size, 1)) * 100);
      if (percent > told) progress(sentence`Unpacking ${basename(path)}: ${percent} %`);
      told = Math.max(told, percent);
      done(null, chunk);
    },
  });
}

/** Removes what was not used for longest while there is too much; and what somebody who was killed has left. */
async function makeRoom(cache: string, except: string): Promise<void> {
  const used = await usedByOthers();
  const entries = await Promise.all(
    (await readdir(cache)).map(async (name) => {
      const { mtimeMs } = await stat(join(cache, name));
      return { name, mtimeMs, bytes: await bytesOf(join(cache, name)) };
    }),
  );
  let all = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, mtimeMs, bytes } of entries.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    const isLeft = name.includes('.part-') && Date.now() - mtimeMs > 86_400_000;
    if (name === except || used.has(name) || (name.includes('.part-') && !isLeft)) continue;
    if (!isLeft && all <= largestCache) continue;
    await rm(join(cache, name), { recursive: true, force: true });
    all -= bytes;
  }
}

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.blocks ?? 0),
  );
  return sizes.reduce((sum, blocks) => sum + blocks * 512, 0);
}

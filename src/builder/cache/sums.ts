import { createHash } from 'node:crypto';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../uforge/systemError.ts';
import { chunksOf, type Extent } from '../disk/blockMap.ts';

/** Lies beside the files of an entry. */
export const sumsFile = 'sums.json';

const chunkSize = 2 ** 20;

/** How the files of an entry are read. */
export interface Reading {
  /** Where a file that has holes has data; without it, holes are read as the zeros they are. */
  readonly extents?: (file: string) => Promise<readonly Extent[]>;
  readonly signal?: AbortSignal;
}

/** Writes down the sums of all files in a folder, and returns once all of it is on the disk. */
export async function seal(folder: string, reading: Reading): Promise<void> {
  const sums = await sumsOf(folder, reading);
  await writeFile(join(folder, sumsFile), JSON.stringify(sums));
  for (const name of [...Object.keys(sums), sumsFile, '.']) await syncToDisk(join(folder, name));
}

/** What is not as it was sealed, as the rest of a sentence; undefined when all of it is. */
export async function damageIn(folder: string, reading: Reading): Promise<string | undefined> {
  const written = await readSums(join(folder, sumsFile));
  if (written === undefined) return 'it has no checksums';
  const names = new Set([...Object.keys(written), ...(await readdir(folder))]);
  names.delete(sumsFile);
  for (const name of names) {
    const problem = await damageOf(join(folder, name), written[name], reading);
    if (problem !== undefined) return `${name} ${problem}`;
  }
  return undefined;
}

async function damageOf(
  file: string,
  written: string | undefined,
  reading: Reading,
): Promise<string | undefined> {
  try {
    return (await sumOf(file, reading)) === written ? undefined : 'is not as it was written';
  } catch (error) {
    reading.signal?.throwIfAborted();
    if (isSystemError(error, 'ENOENT')) return 'is missing';
    // A disk that is about to fail.
    if (isSystemError(error, 'EIO')) return "can't be read";
    throw error;
  }
}

/** Of the whole folder but for the sums themselves, by name. */
async function sumsOf(folder: string, reading: Reading): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    if (name !== sumsFile) sums[name] = await sumOf(join(folder, name), reading);
  }
  return sums;
}

async function readSums(file: string): Promise<Record<string, string> | undefined> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof read === 'object' && read !== null ? { ...read } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The size and a SHA-256 of all that isn't zero and where it lies: the same whether zeros are holes or written, as after
 * a copy, and as fast as there is data.
 */
async function sumOf(path: string, { extents, signal }: Reading): Promise<string> {
  await using file = await open(path, 'r');
  const { size, blocks } = await file.stat();
  const hasHoles = size > chunkSize && blocks * 512 < size;
  const where = (hasHoles ? await extents?.(path) : undefined) ?? [{ start: 0, length: size }];
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafeSlow(chunkSize);
  const zeros = Buffer.alloc(chunkSize);
  for (const chunk of chunksOf(where, chunkSize)) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, chunkSize, chunk * chunkSize);
    const data = buffer.subarray(0, bytesRead);
    if (!data.equals(zeros.subarray(0, bytesRead))) hash.update(`${chunk}\n`).update(data);
  }
  return `${size} ${hash.digest('hex')}`;
}

/** A file, or the names in a folder. */
export async function syncToDisk(path: string): Promise<void> {
  await using file = await open(path, 'r');
  await file.sync();
}

import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes that a file, or all files of a folder, take on the disk: holes take none. */
export async function usedBytes(path: string): Promise<number> {
  const found = await lstat(path);
  if (!found.isDirectory()) return found.blocks * 512;
  const inside = (await readdir(path)).map((name) => usedBytes(join(path, name)));
  return (await Promise.all(inside)).reduce((sum, size) => sum + size, 0);
}

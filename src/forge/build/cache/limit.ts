import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { scrapName } from './scraps.ts';

/** A half-written entry or package that old belongs to no living build. */
const abandonedAfterMs = 6 * 3600_000;

interface Item {
  readonly path: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** ms since 1970. */
  readonly lastUse: number;
}

/**
 * Removes what was not used for longest in those folders of a cache until the rest takes `limit` bytes or less, and what
 * dead builds left behind. Any number of builds may do this at once, and others may be reading what goes: they have
 * links of their own.
 */
export async function removeLeastRecentlyUsed(
  cache: string,
  folders: readonly string[],
  limit: number,
): Promise<void> {
  const items: Item[] = [];
  for (const folder of folders) {
    for (const name of await readdir(join(cache, folder)).catch(() => [])) {
      const item = await measure(join(cache, folder, name));
      if (item === undefined) continue;
      if (!name.endsWith('.tmp')) items.push(item);
      else if (Date.now() - item.lastUse > abandonedAfterMs) await remove(item.path);
    }
  }
  let total = items.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size } of items.sort((a, b) => a.lastUse - b.lastUse)) {
    if (total <= limit) break;
    await remove(path);
    total -= size;
  }
}

async function measure(path: string): Promise<Item | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  let size = found.blocks * 512;
  if (found.isDirectory()) {
    for (const name of await readdir(path).catch(() => [])) {
      size += ((await lstat(join(path, name)).catch(() => undefined))?.blocks ?? 0) * 512;
    }
  }
  return { path, size, lastUse: found.mtimeMs };
}

/** Renamed first: nobody finds half of it. */
async function remove(path: string): Promise<void> {
  const condemned = join(path, '..', scrapName(basename(path)));
  await rename(path, condemned).catch(() => undefined);
  await rm(condemned, { recursive: true, force: true });
}

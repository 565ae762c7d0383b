import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { usedBytes } from '../disk/usedBytes.ts';
import { scrapName } from './temporaryName.ts';

/** A half-written entry or package that old belongs to no living build. */
const abandonedAfterMs = 6 * 3600_000;
const oldLockMs = 7 * 24 * 3600_000;

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
  const items = await itemsOf(cache, folders);
  let total = sizeOf(items);
  for (const { path, size } of items) {
    if (total <= limit) break;
    await removeItem(path);
    total -= size;
  }
}

/**
 * Removes what was not used for longest until `free` says that there are so many bytes; nothing when all of it would not
 * be enough. Resolves with what has gone.
 */
export async function giveWay(
  cache: string,
  folders: readonly string[],
  bytes: number,
  free: () => Promise<number>,
): Promise<readonly string[]> {
  const gone: string[] = [];
  const items = await itemsOf(cache, folders);
  if ((await free()) + sizeOf(items) < bytes) return gone;
  for (const { path } of items) {
    if ((await free()) >= bytes) break;
    await removeItem(path);
    gone.push(relative(cache, path));
  }
  return gone;
}

/** A lock file is empty, and there is one for each entry that ever was: those that nobody has made for long go. */
export async function removeOldLocks(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const found = await lstat(path).catch(() => undefined);
    // Who holds one that goes may make an entry that another one makes, too: it is kept once.
    if (found !== undefined && Date.now() - found.mtimeMs > oldLockMs) await rm(path, { force: true });
  }
}

/** What is there, least recently used first. */
async function itemsOf(cache: string, folders: readonly string[]): Promise<Item[]> {
  const items: Item[] = [];
  for (const folder of folders) {
    for (const name of await readdir(join(cache, folder)).catch(() => [])) {
      const item = await measure(join(cache, folder, name));
      if (item === undefined) continue;
      if (!name.endsWith('.tmp')) items.push(item);
      else if (Date.now() - item.lastUse > abandonedAfterMs) await removeItem(item.path);
    }
  }
  return items.sort((a, b) => a.lastUse - b.lastUse);
}

function sizeOf(items: readonly Item[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}

/** Undefined when it has gone meanwhile. */
async function measure(path: string): Promise<Item | undefined> {
  try {
    return { path, size: await usedBytes(path), lastUse: (await lstat(path)).mtimeMs };
  } catch {
    return undefined;
  }
}

/** Removes an entry or a package. Renamed first: nobody finds half of it. */
export async function removeItem(path: string): Promise<void> {
  const condemned = join(path, '..', scrapName(basename(path)));
  await rename(path, condemned).catch(() => undefined);
  await rm(condemned, { recursive: true, force: true });
}

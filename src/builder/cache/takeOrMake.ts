import type { Cache, EntryKind } from './cache.ts';

export interface Wanted {
  readonly cache: Cache;
  readonly kind: EntryKind;
  readonly key: string;
  /** A new folder of this build, for its own links to the entry. */
  readonly into: string;
  readonly signal: AbortSignal;
  /** It is there already. */
  readonly onTaken: () => void;
  /** Another build makes it right now. */
  readonly onWait: () => void;
}

/**
 * An entry of the cache as a folder of this build. Where another build makes the same entry right now, this one
 * waits for it and takes over what it made, or makes it itself when that build failed.
 * @param make into a folder that it resolves with, and that nobody writes to any more
 */
export async function takeOrMake(wanted: Wanted, make: () => Promise<string>): Promise<string> {
  const { cache, kind, key, into, signal, onTaken, onWait } = wanted;
  const isTaken = async (): Promise<boolean> => {
    const found = await cache.take(kind, key, into);
    if (found) onTaken();
    return found;
  };
  if (await isTaken()) return into;
  await using _lock = await cache.lock(kind, key, signal, onWait);
  if (await isTaken()) return into;
  const entry = await make();
  await cache.keep(kind, key, entry);
  return entry;
}

import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError } from '../../uforge/systemError.ts';
import { giveWay, removeItem, removeLeastRecentlyUsed, removeOldLocks } from './leastRecentlyUsed.ts';
import { lockFile, runLocked } from './lock.ts';
import { keyOfScrap, scrapName } from './temporaryName.ts';
import { damageIn, seal, sumsFile, syncToDisk, type Reading } from './sums.ts';

/**
 * What the cache keeps: base roots, what packages change in them, finished roots of what is made from files, raw disks of
 * all else, and those disks as files that several formats are made of and that take long.
 */
export const entryKinds = ['bases', 'installed', 'roots', 'disks', 'diskFiles'] as const;
export type EntryKind = (typeof entryKinds)[number];

/** What the cache may take unless told otherwise: some ten appliances with their packages. Bytes. */
export const defaultCacheLimit = 10e9;

const contents = [...entryKinds, 'packages'];

/**
 * Outputs of stages, each under the hash of its inputs. An entry is a folder of files that appears whole, by a
 * rename, and is never written again, so nothing half-done is ever found, whoever was killed. A build works on hard
 * links of its own: an entry may be removed while it is being read. Each entry carries sums of its files, and one that is
 * not as it was written is never taken: it goes, as if it had never been there.
 */
export class Cache {
  readonly #folder: string;
  readonly #limit: number;
  readonly #reading: Reading;
  readonly #log: (line: string) => void;

  /** @param limit bytes on the disk that entries and package files may take together */
  constructor(
    folder: string,
    limit: number,
    { log = () => undefined, ...reading }: Reading & { readonly log?: (line: string) => void } = {},
  ) {
    this.#folder = folder;
    this.#limit = limit;
    this.#reading = reading;
    this.#log = log;
  }

  /** Whether there is such an entry right now. */
  async has(kind: EntryKind, key: string): Promise<boolean> {
    return (await stat(this.#entry(kind, key)).catch(() => undefined)) !== undefined;
  }

  /** Puts the files of an entry into the new folder `into`; false when there is none, or none that is whole. */
  async take(kind: EntryKind, key: string, into: string): Promise<boolean> {
    if (!(await this.#linked(kind, key, into))) return false;
    // These links are this build's: what it checks is what it uses.
    const damage = await damageIn(into, this.#reading);
    if (damage === undefined) {
      await rm(join(into, sumsFile));
      return true;
    }
    this.#log(`In the cache, ${kind}/${key} is damaged (${damage}): it is removed and made anew.`);
    await removeItem(this.#entry(kind, key));
    await rm(into, { recursive: true, force: true });
    return false;
  }

  async #linked(kind: EntryKind, key: string, into: string): Promise<boolean> {
    const entry = this.#entry(kind, key);
    const now = new Date();
    try {
      await utimes(entry, now, now);
      const names = await readdir(entry);
      await mkdir(into);
      for (const name of names) await linkOrCopy(join(entry, name), join(into, name));
      return true;
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      // Never there, or removed a moment ago.
      await rm(into, { recursive: true, force: true });
      return false;
    }
  }

  /** Keeps the files of a folder, which nobody may write to any more. What two builds made at once is kept once. */
  async keep(kind: EntryKind, key: string, from: string): Promise<void> {
    const temporary = join(this.#folder, kind, scrapName(key));
    await mkdir(temporary, { recursive: true });
    try {
      for (const name of await readdir(from)) await linkOrCopy(join(from, name), join(temporary, name));
      // After a power cut a new name may be there without what is behind it.
      await seal(temporary, this.#reading);
      await rename(temporary, this.#entry(kind, key));
      await syncToDisk(join(this.#folder, kind));
    } catch (error) {
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST')) throw error;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    await removeLeastRecentlyUsed(this.#folder, contents, this.#limit);
    await removeOldLocks(join(this.#folder, 'locks'));
  }

  /**
   * Lets go of what was not used for longest until the disk, which it shares, has so many bytes free; of nothing when
   * all of it would not be enough. Resolves with the names of what has gone.
   */
  async giveWay(bytes: number, free: () => Promise<number>): Promise<readonly string[]> {
    return await giveWay(this.#folder, contents, bytes, free);
  }

  /** Removes what builds left behind that were killed in the middle of keeping an entry. Others may be building. */
  async sweep(): Promise<void> {
    for (const kind of entryKinds) {
      for (const name of await readdir(join(this.#folder, kind)).catch(() => [])) {
        const key = keyOfScrap(name);
        if (key === undefined) continue;
        // Whoever makes the entry holds its lock.
        await runLocked(await this.#lockOf(kind, key), 'rm', ['-rf', '--', join(this.#folder, kind, name)]);
      }
    }
  }

  /** Waits until no other build makes this entry; the lock goes with the process that holds it. */
  async lock(
    kind: EntryKind,
    key: string,
    signal: AbortSignal,
    onWait: () => void,
  ): Promise<AsyncDisposable> {
    return await lockFile(await this.#lockOf(kind, key), signal, onWait);
  }

  async #lockOf(kind: EntryKind, key: string): Promise<string> {
    const folder = join(this.#folder, 'locks');
    await mkdir(folder, { recursive: true });
    return join(folder, `${kind}-${key}`);
  }

  #entry(kind: EntryKind, key: string): string {
    return join(this.#folder, kind, key);
  }
}

/**
 * A file appears whole or not at all, so two builds may do this at once; the copy is for another file system and
 * shares its blocks where that can.
 */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return;
    if (!isSystemError(error, 'EXDEV', 'EPERM', 'EMLINK')) throw error;
    const temporary = `${to}.${randomUUID()}.tmp`;
    try {
      await copyFile(from, temporary, constants.COPYFILE_FICLONE);
      // apt asks a mirror for what is newer than the list it has.
      const { atime, mtime } = await stat(from);
      await utimes(temporary, atime, mtime);
      await rename(temporary, to);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

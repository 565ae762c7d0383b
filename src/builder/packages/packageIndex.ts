import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { linkOrCopy } from '../cache/cache.ts';
import { lockFile } from '../cache/lock.ts';
import { damageIn, seal, sumsFile } from '../cache/sums.ts';
import { shortHash } from '../cache/shortHash.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { makeAptFolder, transferPercent } from './aptFolder.ts';
import { whileArriving } from './arriving.ts';
import { assertNothingIsHidden, releaseFileOf } from './releaseFiles.ts';

/** An index younger than this is used as it is: building a second format needs no network. */
const freshForMs = 10 * 60_000;

const update = `
APT_CONFIG="$APT/apt.conf" exec apt-get -q -o APT::Status-Fd=3 update
`;

/** A mirror's packages of one release, and where the cache is that keeps their lists. */
export interface IndexSource {
  readonly release: DebianRelease;
  readonly mirror: string;
  readonly cacheDir: string;
}

/** Where the cache keeps the lists of a release: `lists/`, and `refreshed`, as old as they are. */
export function indexFolder({ release, mirror, cacheDir }: IndexSource): string {
  return join(cacheDir, 'index', `${release.codename}-${shortHash(mirror)}`);
}

interface Refreshing {
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Asks the mirror even when the lists are young (`forceCheckingDeps`). */
  readonly force?: boolean;
  readonly onProgress?: (fraction: number) => void;
  /** How long the mirror may be silent; seconds. */
  readonly patience?: number;
  /** With the keys that the mirror's lists are signed with; Debian's unless given. */
  readonly keyring?: string;
}

/**
 * Makes an apt folder with the mirror's package lists: from the cache where they are young, else from the mirror, and
 * then into the cache. apt works on that folder only: what it fetches is in the cache when it is known to hide nothing.
 */
export async function refreshIndex(
  source: IndexSource,
  aptFolder: string,
  refreshing: Refreshing,
): Promise<void> {
  const { sandbox, signal, force = false, onProgress = () => undefined, patience } = refreshing;
  await makeAptFolder(aptFolder, source.release, source.mirror, refreshing.keyring);
  const index = indexFolder(source);
  const [kept, lists] = [join(index, 'lists'), join(aptFolder, 'lists')];
  await mkdir(index, { recursive: true });
  await using _lock = await lockFile(join(index, 'lock'), signal, () => undefined);
  const isThere = await takeLists(kept, lists, refreshing);
  if (isThere && !force && (await isFresh(join(index, 'refreshed')))) return;
  const { mirror } = source;
  await whileArriving({ folder: aptFolder, mirror, ...(patience !== undefined && { patience }) }, (hanging) =>
    sandbox.run(update, {
      env: { APT: aptFolder },
      writes: [aptFolder],
      network: true,
      signal: hanging,
      onStatus: (line) => {
        const percent = transferPercent(line);
        if (percent !== undefined) onProgress(percent / 100);
      },
    }),
  );
  await assertNothingIsHidden({ ...source, lists, newest: join(index, 'newest.json') });
  await keepLists(lists, kept, refreshing);
  await writeFile(join(index, 'refreshed'), '');
}

/** Links, since apt replaces lists by renaming. False when there are none, or none that are whole. */
async function takeLists(kept: string, lists: string, { signal, log }: Refreshing): Promise<boolean> {
  const names = await readdir(kept).catch(() => []);
  if (names.length === 0) return false;
  const damage = await damageIn(kept, { signal });
  if (damage !== undefined) {
    log(`The package index in the cache is damaged (${damage}): it is fetched anew.`);
    await rm(kept, { recursive: true });
    return false;
  }
  for (const name of names.filter((each) => each !== sumsFile))
    await linkOrCopy(join(kept, name), join(lists, name));
  return true;
}

/** One after the other, by renaming: somebody may be reading the old ones. */
async function keepLists(lists: string, kept: string, { signal }: Refreshing): Promise<void> {
  await mkdir(kept, { recursive: true });
  // Nobody else's lock, and nothing half-fetched.
  const found = (await readdir(lists, { withFileTypes: true })).filter((file) => file.isFile());
  const names = found.map(({ name }) => name).filter((name) => name !== 'lock');
  for (const name of names) {
    const temporary = join(kept, `${name}.${randomUUID()}.tmp`);
    await linkOrCopy(join(lists, name), temporary);
    await rename(temporary, join(kept, name));
    // Where both were the same file, renaming does nothing.
    await rm(temporary, { force: true });
  }
  for (const name of await readdir(kept)) {
    if (!names.includes(name)) await rm(join(kept, name), { recursive: true });
  }
  await seal(kept, { signal });
}

async function isFresh(stamp: string): Promise<boolean> {
  const refreshed = await stat(stamp).catch(() => undefined);
  return refreshed !== undefined && Math.abs(Date.now() - refreshed.mtimeMs) < freshForMs;
}

/** The date of the release on the mirror, from the lists of a build; seconds since 1970. It moves with each point release. */
export async function releaseDate(aptFolder: string, { codename }: DebianRelease): Promise<number> {
  return (await releaseFileOf(join(aptFolder, 'lists'), codename)).date / 1000;
}

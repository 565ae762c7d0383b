import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../uforge/units.ts';
import { linkOrCopy } from '../cache/cache.ts';
import { lockFile } from '../cache/lock.ts';
import { damageIn, seal, sumsFile } from '../cache/sums.ts';
import { shortHash } from '../cache/shortHash.ts';
import { BuildError } from '../model.ts';
import { mainOnly, mirrorSources, type Source } from '../plan/sources.ts';
import { ToolError, type Sandbox } from '../sandbox/sandbox.ts';
import type { WebProxy } from '../sandbox/webProxy.ts';
import { makeAptFolder, transferPercent, type PackageSources } from './aptFolder.ts';
import { mirrorProblem } from './mirrorProblem.ts';
import { loginsFile, startWayToRepositories } from './repositories.ts';
import { mirrorOf, supplierOf, type Supplier } from './supplier.ts';
import { whileArriving } from './arriving.ts';
import { assertNothingIsHidden, releaseFileOf } from './releaseFiles.ts';

/** An index younger than this is used as it is: building a second format needs no network. */
const freshForMs = 10 * 60_000;

const update = `
APT_CONFIG="$APT/apt.conf" exec apt-get -q -o APT::Status-Fd=3 -o Dir::Etc::sourcelist="$APT/$LIST" \\
  -o Dir::State::lists="$LISTS" -o Dir::Etc::netrc="$APT/$LOGINS" update
`;

/** What the lists of a stranger's archive may take, and what apt makes of them; bytes. */
const mostOfLists = 500 * megabyte;

/** Where packages come from, and where the cache is that keeps their lists. */
export interface IndexSource extends PackageSources {
  readonly cacheDir: string;
}

/** Where the cache keeps the lists of a mirror: `lists/`, and `refreshed`, as old as they are. */
export function indexFolder({ release, mirror, components, backports, i386, cacheDir }: IndexSource): string {
  const more = [
    ...(components.length > 1 || backports ? [components, backports] : []),
    ...(i386 ? ['i386'] : []),
  ];
  return join(cacheDir, 'index', `${release.codename}-${shortHash(mirror, ...more)}`);
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
 * Makes an apt folder with the package lists of all sources: from the cache where they are young, else from who has them,
 * and then into the cache. apt works on that folder only: what it fetches is in the cache when it is known to hide nothing.
 */
export async function refreshIndex(
  source: IndexSource,
  aptFolder: string,
  refreshing: Refreshing,
): Promise<void> {
  const { release, mirror, repositories, cacheDir } = source;
  const { log } = refreshing;
  await makeAptFolder(aptFolder, source, refreshing.keyring);
  const lists = join(aptFolder, 'lists');
  await refreshPart(
    {
      ...{ aptFolder, lists, list: 'mirror.list', index: indexFolder(source) },
      ...{ sources: mirrorSources(release, mirror, source), supplier: mirrorOf(release, mirror) },
    },
    refreshing,
  );
  for (const [number, repository] of repositories.entries()) {
    const { name, source: archive, key } = repository;
    const supplier = supplierOf(repository);
    const own = join(aptFolder, `lists-${number}`);
    await using web = await startWayToRepositories(aptFolder, log);
    const index = join(cacheDir, 'index', `${name}-${shortHash(archive, key)}`);
    const part = { aptFolder, lists: own, list: `repository-${number}.list`, index, supplier, web };
    try {
      await refreshPart({ ...part, sources: [archive] }, refreshing);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const said = error.lines.join('\n');
      const sentence = web.refusal() ?? mirrorProblem(said, supplier);
      throw new BuildError(sentence ?? `${supplier.called} can't be used. ${supplier.instead}`, said);
    }
    const files = (await readdir(own, { withFileTypes: true })).filter((file) => file.isFile());
    for (const file of files.filter((each) => each.name !== 'lock'))
      await linkOrCopy(join(own, file.name), join(lists, file.name));
  }
}

/** The lists of one supplier. */
interface Part {
  readonly aptFolder: string;
  /** Where apt puts them. */
  readonly lists: string;
  /** The file with its lines of sources. */
  readonly list: string;
  /** In the cache. */
  readonly index: string;
  readonly sources: readonly Source[];
  readonly supplier: Supplier;
  /** A stranger's archive is reached by this way only. */
  readonly web?: WebProxy;
}

async function refreshPart(
  { aptFolder, lists, list, index, sources, supplier, web }: Part,
  refreshing: Refreshing,
): Promise<void> {
  const { sandbox, signal, force = false, onProgress = () => undefined, patience } = refreshing;
  const kept = join(index, 'lists');
  await mkdir(index, { recursive: true });
  await using _lock = await lockFile(join(index, 'lock'), signal, () => undefined);
  const isThere = await takeLists(kept, lists, refreshing);
  if (isThere && !force && (await isFresh(join(index, 'refreshed')))) return;
  const arriving = {
    ...{ folder: lists, supplier },
    ...(web !== undefined && { most: mostOfLists }),
    ...(patience !== undefined && { patience }),
  };
  await whileArriving(arriving, (hanging) =>
    sandbox.run(update, {
      env: { APT: aptFolder, LIST: list, LISTS: lists, LOGINS: web === undefined ? 'no-logins' : loginsFile },
      writes: [aptFolder],
      ...(web === undefined ? { network: true } : { web }),
      signal: hanging,
      onStatus: (line) => {
        const percent = transferPercent(line);
        if (percent !== undefined) onProgress(percent / 100);
      },
    }),
  );
  await assertNothingIsHidden({ sources, supplier, lists, newest: join(index, 'newest.json') });
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
export async function releaseDate(
  aptFolder: string,
  { release, mirror }: Pick<PackageSources, 'release' | 'mirror'>,
): Promise<number> {
  const [first] = mirrorSources(release, mirror, mainOnly);
  return first === undefined ? 0 : (await releaseFileOf(join(aptFolder, 'lists'), first)).date / 1000;
}

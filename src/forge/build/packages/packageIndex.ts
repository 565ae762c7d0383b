import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianRelease } from '../../../appliance/debianReleases.ts';
import { keyOf } from '../debian.ts';
import type { Plan } from '../plan.ts';
import { giveFolderToBuild } from '../sandbox/identity.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { makeAptFolder, transferPercent } from './aptFolder.ts';

/** An index younger than this is used as it is: building a second format needs no network. */
const freshForMs = 10 * 60_000;

/** The lock is flock's: it is gone with the process that holds it. */
const update = `
exec 9> "$INDEX/lock"
flock 9
APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 -o Dir::State::lists="$INDEX/lists" update 9>&-
: > "$INDEX/refreshed"
`;

/** A copy: another build may refresh the index right after. */
const view = `
exec 9> "$INDEX/lock"
flock 9
rm -rf "$APT/lists"
cp -a --reflink=auto "$INDEX/lists" "$APT/lists"
`;

/** A mirror's packages of one release, and where the cache is that keeps their lists. */
export interface IndexSource {
  readonly release: DebianRelease;
  readonly mirror: string;
  readonly cacheDir: string;
}

/** Where the cache keeps the lists of a release: `lists/`, and `refreshed`, as old as they are. */
export function indexFolder({ release, mirror, cacheDir }: IndexSource): string {
  return join(cacheDir, 'index', `${release.codename}-${keyOf(mirror)}`);
}

/** Brings the mirror's package lists up to date in the cache and gives this build its own view of them. */
export async function preparePackageIndex(request: {
  plan: Plan;
  cacheDir: string;
  /** This build's apt folder; made here. */
  aptFolder: string;
  sandbox: Sandbox;
  /** Asks the mirror even when the lists are young (`forceCheckingDeps`). */
  force?: boolean;
  onProgress: (fraction: number) => void;
}): Promise<void> {
  const { plan, cacheDir, aptFolder, sandbox, force = false, onProgress } = request;
  const source: IndexSource = { release: plan.release, mirror: plan.mirror, cacheDir };
  await makeAptFolder(aptFolder, plan.release, plan.mirror);
  await refreshIndex(source, aptFolder, sandbox, { force, onProgress });
  const index = indexFolder(source);
  await sandbox.run(view, { env: { INDEX: index, APT: aptFolder }, writes: [index, aptFolder] });
}

/** Brings the mirror's package lists up to date in the cache, unless they are young and that will do. */
export async function refreshIndex(
  source: IndexSource,
  aptFolder: string,
  sandbox: Sandbox,
  {
    force = false,
    onProgress = () => undefined,
  }: { force?: boolean; onProgress?: (fraction: number) => void } = {},
): Promise<void> {
  const index = indexFolder(source);
  if (!force && (await isFresh(join(index, 'refreshed')))) return;
  await mkdir(join(index, 'lists/partial'), { recursive: true });
  await giveFolderToBuild(index);
  await sandbox.run(update, {
    env: { INDEX: index, APT: aptFolder },
    writes: [index, aptFolder],
    network: true,
    onStatus: (line) => {
      const percent = transferPercent(line);
      if (percent !== undefined) onProgress(percent / 100);
    },
  });
}

async function isFresh(stamp: string): Promise<boolean> {
  const refreshed = await stat(stamp).catch(() => undefined);
  return refreshed !== undefined && Math.abs(Date.now() - refreshed.mtimeMs) < freshForMs;
}

/** The date of the release on the mirror, from the lists of a build; seconds since 1970. It moves with each point release. */
export async function releaseDate(aptFolder: string, { codename }: DebianRelease): Promise<number> {
  const folder = join(aptFolder, 'lists');
  const name = (await readdir(folder)).find((file) => file.endsWith(`_dists_${codename}_InRelease`));
  const text = name === undefined ? '' : await readFile(join(folder, name), 'utf8');
  const date = Date.parse(/^Date: (.+)$/m.exec(text)?.[1] ?? '');
  if (Number.isNaN(date)) throw new Error(`The package index of ${codename} has no date.`);
  return date / 1000;
}

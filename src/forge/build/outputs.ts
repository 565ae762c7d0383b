import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keys } from './cache/keys.ts';
import type { EntryKind } from './cache/cache.ts';
import type { InstalledPackage } from './model.ts';
import type { Checked } from './stages/checkDependencies.ts';
import type { StageName, StageReport } from './progress.ts';
import { unpackRoot } from './root/rootTar.ts';
import { createDisk, disksOf, type Disk } from './stages/createDisk.ts';
import { fetchPackages } from './stages/fetchPackages.ts';
import { install, rootEntry } from './stages/install.ts';
import type { StageContext } from './stages/stage.ts';
import { shareDisk } from './space.ts';
import { wipe } from './wipe.ts';
import { megabyte } from '../../uforge/units.ts';

/** What a format is made from, with the list of what is installed. */
export interface Output {
  /** The packed root, where the format is made from files. */
  readonly rootTar: string | undefined;
  /** Empty where the format is made from files. */
  readonly disks: readonly Disk[];
  readonly packages: readonly InstalledPackage[];
}

/** File system tables, journals and boot loaders; bytes. */
const diskOverhead = 100 * megabyte;

interface Making {
  readonly checked: Checked;
  readonly keys: Keys;
  /** The stage that is going on: checking the dependencies. */
  readonly checking: StageContext;
  /** Begins another stage. */
  readonly enter: (stage: StageName) => StageContext;
}

/** The finished root: from the cache, or fetched and installed now, and then in the cache. */
export async function makeRoot(making: Making): Promise<Output> {
  const output = await packedRoot(making);
  await wipe(rootFolder(making.checking.request.workDir));
  return output;
}

async function packedRoot(making: Making): Promise<Output> {
  const entry = await made('roots', making.keys.root, 'install', making, () => installRoot(making));
  return { rootTar: rootEntry.tar(entry), disks: [], packages: await rootEntry.packages(entry) };
}

/** The raw disks: from the cache, or made now from the root, and then in the cache. */
export async function makeDisks(making: Making): Promise<Output> {
  const entry = await made('disks', making.keys.disks, 'createDisk', making, () => makeDisksFromRoot(making));
  await wipe(rootFolder(making.checking.request.workDir));
  return { rootTar: undefined, disks: await disksOf(entry), packages: await rootEntry.packages(entry) };
}

/**
 * An entry of the cache as a folder of this build. Where another build makes the same entry right now, this one
 * waits for it and takes over what it made, or makes it itself when that build failed.
 */
async function made(
  kind: EntryKind,
  key: string,
  stage: StageName,
  { checking, enter }: Making,
  make: () => Promise<string>,
): Promise<string> {
  const { request, cache, signal, log, report } = checking;
  const into = join(request.workDir, `cached-${kind}`);
  const fromCache = async (): Promise<boolean> => {
    if (!(await cache.take(kind, key, into))) return false;
    enter(stage).report({ fraction: 1, activity: 'from the cache' });
    log(`From the cache: ${kind}/${key}`);
    return true;
  };
  if (await fromCache()) return into;
  const onWait = (): void => report({ activity: 'waiting for another build that does the same' });
  await using _lock = await cache.lock(kind, key, signal, onWait);
  if (await fromCache()) return into;
  const entry = await make();
  await cache.keep(kind, key, entry);
  return entry;
}

/** Where the root lies unpacked while disks are made from it. */
function rootFolder(workDir: string): string {
  return join(workDir, 'root');
}

/** Leaves the root's folder behind for the disk. */
async function installRoot({ checked, keys, enter }: Making): Promise<string> {
  const { resolution } = checked;
  const context = enter('fetchPackages');
  const baseIsCached = await context.cache.has('bases', keys.base);
  const fromMirror = resolution.extra.filter(({ local }) => local === undefined);
  await fetchPackages(baseIsCached ? fromMirror : [...resolution.base, ...fromMirror], context);
  const { workDir } = context.request;
  const entry = join(workDir, 'new-root');
  await install(checked, keys, { root: rootFolder(workDir), entry }, enter('install'));
  return entry;
}

async function makeDisksFromRoot(making: Making): Promise<string> {
  const { rootTar, packages } = await packedRoot(making);
  const context = making.enter('createDisk');
  const { workDir } = context.request;
  const root = rootFolder(workDir);
  const entry = join(workDir, 'new-disks');
  await mkdir(entry);
  await writeFile(join(entry, 'packages.json'), JSON.stringify(packages));
  const { request, sandbox, report, needs } = context;
  const isThere = await stat(root).then(
    () => true,
    () => false,
  );
  const rootSize = rootTar === undefined ? 0 : (await stat(rootTar)).size;
  // ext4 is filled where it will be; the others are made beside the disk first.
  const isBeside = context.plan.disks.some(({ partitions }) =>
    partitions.some(({ fileSystem }) => fileSystem === 'xfs' || fileSystem === 'btrfs'),
  );
  await needs(workDir, rootSize * (1 + (isThere ? 0 : 1) + (isBeside ? 1 : 0)) + diskOverhead);
  if (!(await shareDisk(workDir, request.cacheDir))) await needs(request.cacheDir, rootSize + diskOverhead);
  if (!isThere && rootTar !== undefined) {
    const activity = 'unpacking the root';
    await unpackRoot(rootTar, root, sandbox, (fraction) => report({ fraction: fraction * 0.4, activity }));
  }
  const from = isThere ? 0 : 0.4;
  const later = ({ fraction = 0, ...rest }: StageReport): void =>
    report({ ...rest, fraction: from + (1 - from) * fraction });
  await createDisk({ root, rootSize, entry }, { ...context, report: later });
  return entry;
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keys } from '../cache/keys.ts';
import type { EntryKind } from '../cache/cache.ts';
import { takeOrMake } from '../cache/takeOrMake.ts';
import type { InstalledPackage } from '../model.ts';
import type { Checked } from './checkDependencies.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import type { StageName } from './progress.ts';
import { takeLayer } from '../root/layers.ts';
import { createDisk, disksOf, type Disk } from './createDisk.ts';
import { fetchPackages } from './fetchPackages.ts';
import { install, packInstalled, rootEntry, type InstalledRoot } from './install.ts';
import type { StageContext } from './stage.ts';
import { shareDisk } from './space.ts';
import { wipe } from '../sandbox/wipe.ts';
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

/** The finished root, packed: from the cache, or fetched and installed now, and then in the cache. */
export async function makeRoot(making: Making): Promise<Output> {
  const { workDir } = making.checking.request;
  const entry = await made('roots', making.keys.root, 'install', making, async () => {
    const { installed, context } = await installRoot(making);
    const packed = join(workDir, 'new-root');
    await packInstalled({ root: rootFolder(workDir), entry: packed, installed }, context);
    return packed;
  });
  await wipe(rootFolder(workDir));
  return { rootTar: rootEntry.tar(entry), disks: [], packages: await rootEntry.packages(entry) };
}

/** The raw disks: from the cache, or made now from the root, and then in the cache. */
export async function makeDisks(making: Making): Promise<Output> {
  const entry = await made('disks', making.keys.disks, 'createDisk', making, () => makeDisksFromRoot(making));
  await wipe(rootFolder(making.checking.request.workDir));
  return { rootTar: undefined, disks: await disksOf(entry), packages: await rootEntry.packages(entry) };
}

/** An entry of the cache; taking it is all there is to that stage. */
async function made(
  kind: EntryKind,
  key: string,
  stage: StageName,
  { checking, enter }: Making,
  make: () => Promise<string>,
): Promise<string> {
  const { request, cache, signal, log, report } = checking;
  return await takeOrMake(
    {
      ...{ cache, kind, key, signal, into: join(request.workDir, `cached-${kind}`) },
      onTaken() {
        enter(stage).report({ fraction: 1, activity: 'from the cache' });
        log(`From the cache: ${kind}/${key}`);
      },
      onWait: () => report({ activity: 'waiting for another build that does the same' }),
    },
    make,
  );
}

/** Where the root lies unpacked while disks are made from it. */
function rootFolder(workDir: string): string {
  return join(workDir, 'root');
}

/** Leaves the root's folder behind. */
async function installRoot({
  checked,
  keys,
  enter,
}: Making): Promise<{ readonly installed: InstalledRoot; readonly context: StageContext }> {
  const fetching = enter('fetchPackages');
  await fetchPackages(await missingPackages(checked, keys, fetching), fetching);
  const context = enter('install');
  const installed = await install(checked, keys, rootFolder(context.request.workDir), context);
  return { installed, context };
}

/** Those that are not in a layer of the root that the cache has; from now on this build has that, too. */
async function missingPackages(
  { resolution }: Checked,
  keys: Keys,
  context: StageContext,
): Promise<readonly ResolvedPackage[]> {
  const hasInstalled = await takeLayer({ kind: 'installed', key: keys.installed }, context);
  const hasBase = await takeLayer({ kind: 'bases', key: keys.base }, context);
  const extra = resolution.extra.filter(({ local }) => local === undefined);
  return [...(hasBase ? [] : resolution.base), ...(hasInstalled ? [] : extra)];
}

async function makeDisksFromRoot(making: Making): Promise<string> {
  const { installed } = await installRoot(making);
  const context = making.enter('createDisk');
  const { plan, request, needs } = context;
  const { workDir, cacheDir } = request;
  const entry = join(workDir, 'new-disks');
  await mkdir(entry);
  await writeFile(join(entry, 'packages.json'), JSON.stringify(installed.packages));
  const { size } = installed;
  // ext4 is filled where it will be; the others are made beside the disk first.
  const isBeside = plan.disks.some(({ partitions }) =>
    partitions.some(({ fileSystem }) => fileSystem === 'xfs' || fileSystem === 'btrfs'),
  );
  await needs(workDir, size * (isBeside ? 2 : 1) + diskOverhead);
  if (!(await shareDisk(workDir, cacheDir))) await needs(cacheDir, size + diskOverhead);
  await createDisk({ root: rootFolder(workDir), rootSize: size, entry }, context);
  return entry;
}

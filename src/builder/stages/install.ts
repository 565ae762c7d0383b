import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../uforge/units.ts';
import { sourcePath } from '../../appliance/archive/unpack.ts';
import type { Keys } from '../cache/keys.ts';
import type { InstalledPackage } from '../model.ts';
import { installStatus } from '../packages/aptFolder.ts';
import { readInstalledPackages } from '../packages/installed.ts';
import type { Resolution } from '../packages/resolve.ts';
import { makeBaseRoot } from '../root/baseRoot.ts';
import { accountFiles, accountsScript } from '../root/accounts.ts';
import { installBootScripts, type RootFile } from '../root/bootScripts.ts';
import { bundleFiles, bundlesScript, licenceFiles } from '../root/bundles.ts';
import { writeBundles, type BundleTree } from '../root/bundleTree.ts';
import { customizeScript, packagesScript } from '../root/customize.ts';
import { lay, type Layer } from '../root/layers.ts';
import { optionParts } from '../root/options.ts';
import { writeOverlay } from '../root/overlay.ts';
import { textFile } from '../root/part.ts';
import { hostKeysUnit, rootFiles } from '../root/rootFiles.ts';
import { packRoot } from '../root/rootTar.ts';
import { startWebProxy } from '../sandbox/webProxy.ts';
import { shareDisk } from './space.ts';
import { aptFolderOf, type Checked } from './checkDependencies.ts';
import type { StageContext } from './stage.ts';

/** What no package counts; bytes. */
const initialRamDisks = 100 * megabyte;

/** The finished root of an appliance, as the cache keeps it: a folder with these files. */
export const rootEntry = {
  tar: (entry: string): string => join(entry, 'root.tar'),
  packages: async (entry: string): Promise<InstalledPackage[]> =>
    JSON.parse(await readFile(join(entry, 'packages.json'), 'utf8')) as InstalledPackage[],
};

/** Of this stage, the layers come first; the rest is this appliance's own, and packing the root where that is wanted. */
const layersShare = 0.85;
const ownShare = 0.9;

/** What an installed root is like. */
export interface InstalledRoot {
  readonly packages: readonly InstalledPackage[];
  /** About; bytes. */
  readonly size: number;
}

/** Installs everything into the new folder `root`. */
export async function install(
  checked: Pick<Checked, 'resolution' | 'bundles'>,
  keys: Keys,
  root: string,
  context: StageContext,
): Promise<InstalledRoot> {
  const { request, plan, sandbox, cache, report, needs } = context;
  const { resolution, bundles } = checked;
  // The root, and archives of its layers where they are not there yet; another one where it is handed on packed.
  const kept =
    ((await cache.has('bases', keys.base)) ? 0 : 1) +
    ((await cache.has('installed', keys.installed)) ? 0 : extraShare(resolution));
  const oneRoot = resolution.installedSize + bundles.size + initialRamDisks;
  await needs(request.workDir, oneRoot * (1 + kept + (plan.system.hasDisk ? 0 : 1)) + bundles.size);
  if (kept > 0 && !(await shareDisk(request.workDir, request.cacheDir)))
    await needs(request.cacheDir, oneRoot * kept);
  const setup = await writeSetup(checked, context);
  const size = await layPackages({ root, setup, resolution, keys }, context);
  await customize({ root, setup, bundles }, context);
  report({ fraction: ownShare });
  return { packages: await readInstalledPackages(root, resolution.requested, sandbox), size };
}

/** Packs the root into the new folder `entry`, for the cache and the formats that are made from files. */
export async function packInstalled(
  { root, entry, installed }: { root: string; entry: string; installed: InstalledRoot },
  { sandbox, report }: StageContext,
): Promise<void> {
  const tell = (fraction: number): void =>
    report({ fraction: ownShare + (1 - ownShare) * fraction, activity: 'packing the root' });
  tell(0);
  await mkdir(entry);
  await writeFile(join(entry, 'packages.json'), JSON.stringify(installed.packages));
  await packRoot({ root, tar: rootEntry.tar(entry), size: installed.size }, sandbox, tell);
}

/** About how much of a root is on top of the base root. */
function extraShare({ base, extra }: Resolution): number {
  const sum = (packages: Resolution['base']): number =>
    packages.reduce((total, { fileSize }) => total + fileSize, 0);
  return sum(extra) / Math.max(1, sum(base) + sum(extra));
}

interface Laying {
  readonly root: string;
  /** The tar of what becomes `/run/setup` inside. */
  readonly setup: string;
  readonly resolution: Resolution;
  readonly keys: Keys;
}

/** The root with all packages, from the cache or on a base root; about its size in bytes. */
async function layPackages(laying: Laying, context: StageContext): Promise<number> {
  const { root, resolution, keys } = laying;
  const { plan, request, sandbox, report } = context;
  const base: Layer = {
    ...{ kind: 'bases', key: keys.base, title: 'the base system', size: resolution.installedSize },
    make: (tell) =>
      makeBaseRoot(
        {
          ...{ plan, root, sandbox },
          aptFolder: aptFolderOf(request.workDir),
          requested: resolution.profile,
          count: resolution.base.length,
        },
        tell,
      ),
  };
  const installed: Layer = {
    ...{ kind: 'installed', key: keys.installed, title: 'the packages', under: base },
    size: resolution.installedSize * extraShare(resolution),
    make: (tell) => installPackages(laying, context, tell),
  };
  return await lay(root, installed, context, (fraction, activity) =>
    report({ fraction: layersShare * fraction, activity }),
  );
}

/** Packs the files for the root, and what the script reads there. */
async function overlayOf(
  { name, files }: { readonly name: string; readonly files: readonly RootFile[] },
  { plan, request, signal }: StageContext,
): Promise<string> {
  const file = join(request.workDir, `${name}.tar`);
  await writeOverlay({ file, files, epoch: plan.epoch, signal });
  return file;
}

/** apt installs into the base root, and finds there the files of all options. */
async function installPackages(
  { root, setup, resolution }: Laying,
  context: StageContext,
  report: (fraction: number, activity: string) => void,
): Promise<void> {
  const { plan, request, sandbox } = context;
  const files = [...rootFiles(plan), ...optionParts(plan).files];
  const wanted = new Set(resolution.requested);
  const fromMirror = resolution.extra.filter(({ local }) => local === undefined);
  const automatic = resolution.extra.filter((pkg) => !wanted.has(pkg.name));
  await sandbox.runInRoot(root, packagesScript, {
    hostname: plan.hostname,
    reads: {
      'setup.tar': setup,
      'overlay.tar': await overlayOf({ name: 'overlay', files }, context),
      archives: join(aptFolderOf(request.workDir), 'archives'),
    },
    env: {
      EPOCH: String(plan.epoch),
      INSTALL: fromMirror.map(({ fileName }) => fileName).join(' '),
      AUTOMATIC: automatic.map((pkg) => pkg.name).join(' '),
      TIMEZONE: plan.timezone,
    },
    onStatus: (line) => {
      const status = installStatus(line);
      if (status !== undefined) report(status.percent / 100, status.text.replace(/ \(amd64\)$/, ''));
    },
  });
}

/** What belongs to this appliance alone: licences, boot scripts, accounts, bundles. */
async function customize(
  { root, setup, bundles }: { root: string; setup: string; bundles: BundleTree },
  context: StageContext,
): Promise<void> {
  const { plan, request, sandbox, signal, report, log } = context;
  report({ fraction: layersShare, activity: 'accounts, boot scripts and bundles' });
  const scripts = installBootScripts(plan.bootScripts, (script) =>
    readFileSync(sourcePath(request.filesDir, script.source)),
  );
  const files = [...licenceFiles(plan, request.filesDir), ...scripts.flatMap((script) => script.files)];
  const asking = plan.bundles.files.filter(({ network }) => network);
  for (const { at, target } of asking)
    log(`Warning: ${at} asks for the network: ${target} may reach the web.`);
  const file = join(request.workDir, 'bundles.tar');
  await writeBundles(bundles, { file, epoch: plan.epoch, signal });
  await using web = asking.length > 0 ? await startWebProxy(log) : undefined;
  await sandbox.runInRoot(root, customizeScript, {
    hostname: plan.hostname,
    ...(web !== undefined && { web }),
    reads: {
      'setup.tar': setup,
      'overlay.tar': await overlayOf({ name: 'own-overlay', files }, context),
      'bundles.tar': file,
    },
    env: {
      EPOCH: String(plan.epoch),
      UNITS: [hostKeysUnit, ...optionParts(plan).units, ...scripts.map((script) => script.unit)].join(' '),
    },
  });
}

/** What the scripts inside the root read, in a tar that becomes `/run/setup` there and is gone afterwards. */
async function writeSetup(
  { resolution, bundles }: Pick<Checked, 'resolution' | 'bundles'>,
  { plan, request, signal }: StageContext,
): Promise<string> {
  const file = join(request.workDir, 'setup.tar');
  const files = [
    ...accountFiles(plan),
    textFile('accounts.sh', accountsScript),
    ...bundleFiles(plan, bundles.placed),
    textFile('bundles.sh', bundlesScript),
  ];
  const debs = resolution.extra.flatMap(({ local }, index) =>
    local === undefined ? [] : [{ path: `debs/${index}.deb`, from: local }],
  );
  await writeOverlay({ file, files, taken: debs, epoch: plan.epoch, signal });
  return file;
}

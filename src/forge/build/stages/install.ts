import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../../uforge/units.ts';
import { sourcePath } from '../../../appliance/unpack.ts';
import type { Keys } from '../cache/keys.ts';
import type { InstalledPackage } from '../model.ts';
import { installStatus } from '../packages/aptFolder.ts';
import { readInstalledPackages } from '../packages/installed.ts';
import type { Resolution } from '../packages/resolve.ts';
import { baseTar, makeBaseRoot, packBaseRoot } from '../root/baseRoot.ts';
import { accountFiles, accountsScript } from '../root/accounts.ts';
import { installBootScripts } from '../root/bootScripts.ts';
import { bundleFiles, bundlesScript, licenceFiles } from '../root/bundles.ts';
import { customizeScript } from '../root/customize.ts';
import { optionParts } from '../root/options.ts';
import { writeOverlay } from '../root/overlay.ts';
import { textFile } from '../root/part.ts';
import { hostKeysUnit, rootFiles } from '../root/rootFiles.ts';
import { packRoot, unpackRoot } from '../root/rootTar.ts';
import { shareDisk } from '../space.ts';
import { aptFolderOf, bundleFolderOf, type Checked } from './checkDependencies.ts';
import type { StageContext } from './stage.ts';

/** What no package counts; bytes. */
const initialRamDisks = 100 * megabyte;

/** The finished root of an appliance, as the cache keeps it: a folder with these files. */
export const rootEntry = {
  tar: (entry: string): string => join(entry, 'root.tar'),
  packages: async (entry: string): Promise<InstalledPackage[]> =>
    JSON.parse(await readFile(join(entry, 'packages.json'), 'utf8')) as InstalledPackage[],
};

/**
 * Installs everything into the new folder `root` and packs that into the new folder `entry`, for the cache and the
 * formats that are made from files.
 */
export async function install(
  { resolution, placed }: Pick<Checked, 'resolution' | 'placed'>,
  keys: Keys,
  places: { readonly root: string; readonly entry: string },
  context: StageContext,
): Promise<void> {
  const { request, sandbox, cache, report, needs } = context;
  // The root and its archive, and the base root's where that is not there yet.
  const copies = (await cache.has('bases', keys.base)) ? 2 : 3;
  const oneRoot = resolution.installedSize + initialRamDisks;
  await needs(request.workDir, oneRoot * copies);
  if (!(await shareDisk(request.workDir, request.cacheDir)))
    await needs(request.cacheDir, oneRoot * (copies - 1));
  const customizedFrom = await layBase(places.root, resolution, keys, context);
  await customize(places.root, { resolution, placed }, customizedFrom, context);
  report({ fraction: 0.95, activity: 'packing the root' });
  await mkdir(places.entry);
  const packages = await readInstalledPackages(places.root, resolution.requested, sandbox);
  await writeFile(join(places.entry, 'packages.json'), JSON.stringify(packages));
  await packRoot(
    { root: places.root, tar: rootEntry.tar(places.entry), size: resolution.installedSize },
    sandbox,
    (fraction) => report({ fraction: 0.95 + fraction * 0.05, activity: 'packing the root' }),
  );
  report({ fraction: 1, activity: 'packing the root' });
}

/** The base root, unpacked from the cache or installed; the fraction of the stage that is done then. */
async function layBase(
  root: string,
  resolution: Resolution,
  keys: Keys,
  context: StageContext,
): Promise<number> {
  const { plan, request, cache, sandbox, signal, report, log } = context;
  const entry = join(request.workDir, 'base');
  const fromCache = async (): Promise<boolean> => {
    if (!(await cache.take('bases', keys.base, entry))) return false;
    log(`The base root is in the cache: ${keys.base}`);
    const activity = 'unpacking the base system';
    await unpackRoot(baseTar(entry), root, sandbox, (fraction) =>
      report({ fraction: fraction * 0.25, activity }),
    );
    return true;
  };
  try {
    if (await fromCache()) return 0.25;
    const onWait = (): void =>
      report({ activity: 'waiting for another build to install the same base system' });
    await using _lock = await cache.lock('bases', keys.base, signal, onWait);
    if (await fromCache()) return 0.25;
    await makeBaseRoot(
      {
        plan,
        root,
        aptFolder: aptFolderOf(request.workDir),
        requested: resolution.profile,
        count: resolution.base.length,
        sandbox,
      },
      (fraction, activity) => report({ fraction: fraction * 0.7, activity }),
    );
    await packBaseRoot({ root, entry, size: resolution.installedSize }, sandbox, (fraction) =>
      report({ fraction: 0.7 + fraction * 0.05, activity: 'keeping the base system for the next build' }),
    );
    await cache.keep('bases', keys.base, entry);
    return 0.75;
  } finally {
    await rm(entry, { recursive: true, force: true });
  }
}

async function customize(
  root: string,
  { resolution, placed }: Pick<Checked, 'resolution' | 'placed'>,
  from: number,
  context: StageContext,
): Promise<void> {
  const { plan, request, sandbox, report } = context;
  const scripts = installBootScripts(plan.bootScripts, (script) =>
    readFileSync(sourcePath(request.filesDir, script.source)),
  );
  const overlay = join(request.workDir, 'overlay');
  const options = optionParts(plan);
  const files = [
    ...rootFiles(plan),
    ...options.files,
    ...licenceFiles(plan, request.filesDir),
    ...scripts.flatMap((script) => script.files),
  ];
  await writeOverlay(overlay, files, plan.epoch);
  const setup = await writeSetup(resolution, placed, context);
  const wanted = new Set(resolution.requested);
  const automatic = resolution.extra.filter((pkg) => !wanted.has(pkg.name));
  await sandbox.run(customizeScript, {
    env: {
      ROOT: root,
      OVERLAY: overlay,
      SETUP: setup,
      BUNDLES: placed.length > 0 ? bundleFolderOf(request.workDir) : '',
      APT: aptFolderOf(request.workDir),
      INSTALL: resolution.extra
        .filter(({ local }) => local === undefined)
        .map((pkg) => `${pkg.name}=${pkg.version}`)
        .join(' '),
      AUTOMATIC: automatic.map((pkg) => pkg.name).join(' '),
      UNITS: [hostKeysUnit, ...options.units, ...scripts.map((script) => script.unit)].join(' '),
      TIMEZONE: plan.timezone,
      HOSTNAME_NEW: plan.hostname,
      EPOCH: String(plan.epoch),
    },
    onStatus: (line) => {
      const status = installStatus(line);
      if (status === undefined) return;
      const fraction = from + (0.9 - from) * (status.percent / 100);
      report({ fraction, activity: status.text.replace(/ \(amd64\)$/, '') });
    },
  });
}

/** What the scripts inside the root read, in a folder that becomes `/run/setup` there and is gone afterwards. */
async function writeSetup(
  resolution: Resolution,
  placed: Checked['placed'],
  { plan, request }: StageContext,
): Promise<string> {
  const folder = join(request.workDir, 'setup');
  const files = [
    ...accountFiles(plan),
    textFile('accounts.sh', accountsScript),
    ...bundleFiles(plan, placed),
    textFile('bundles.sh', bundlesScript),
  ];
  await writeOverlay(folder, files, plan.epoch);
  await mkdir(join(folder, 'debs'));
  for (const [index, { local }] of resolution.extra.entries()) {
    if (local !== undefined) await copyFile(local, join(folder, 'debs', `${index}.deb`));
  }
  return folder;
}

import { constants, copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sourcePath } from '../../appliance/archive/unpackTemplate.ts';
import { BuildError, type BuildRequest } from '../model.ts';
import { layOutBundles, type BundleTree } from '../root/bundleTree.ts';
import { rememberedResolution } from '../packages/remembered.ts';
import { sourcesOf } from '../packages/aptFolder.ts';
import { componentsWith } from './elsewhere.ts';
import { refreshIndex, releaseDate } from '../packages/packageIndex.ts';
import { mountedPartitions } from '../plan/disks.ts';
import type { Plan } from '../plan/plan.ts';
import type { WantedPackage } from '../plan/wantedPackage.ts';
import { optionParts } from '../root/options.ts';
import type { LocalPackages, Resolution } from '../packages/resolve.ts';
import { resolvePackages } from '../packages/resolve.ts';
import { usedBytes } from '../disk/usedBytes.ts';
import { ToolError } from '../sandbox/sandbox.ts';
import { installCommand, missingTools } from '../sandbox/tools.ts';
import type { Stage, StageContext } from './stage.ts';
import { leftOutLine } from '../../uforge/leftOutLine.ts';
import { megabyte } from '../../uforge/units.ts';

/** The lists of a release and apt's own form of them. Bytes. */
const indexSize = 150 * megabyte;

/** File system tables and journal, initial RAM disk, logs. Bytes. */
const diskOverhead = 235 * megabyte;

export function aptFolderOf(workDir: string): string {
  return join(workDir, 'apt');
}

/** What there is to install, and what that is as of. */
export interface Checked {
  readonly resolution: Resolution;
  /** The release's date on the mirror; seconds since 1970. */
  readonly epoch: number;
  /** The files of the bundles, laid out; not on the disk yet. */
  readonly bundles: BundleTree;
}

/**
 * Finds out within seconds whether the build can succeed: tools, boot scripts, packages and their dependencies, the
 * size of the disk asked for and the space for building it.
 */
export function checkedDependencies(plan: Plan): Stage<Checked> {
  return { name: 'checked', title: 'checkDependencies', inputs: [], run: (making) => check(plan, making) };
}

async function check(plan: Plan, context: StageContext): Promise<Checked> {
  const { request, sandbox, report, log } = context;
  const missing = await missingTools();
  if (missing.length > 0) {
    const names = missing.map(({ tool }) => tool).join(', ');
    throw new BuildError(`The build needs ${names}. Run: ${installCommand(missing)}`);
  }
  await checkBootScripts(plan, request);
  // The bundles' packages get names of their own; apt keeps the index and what it makes of it.
  await context.needs((await usedBytes(request.filesDir)) + indexSize, indexSize);
  for (const sentence of plan.bundles.leftOut) log(`Warning: ${sentence}`);
  const { filesDir } = request;
  const bundles = await layOutBundles({ bundles: plan.bundles, filesDir, signal: context.signal });
  const debs = await localPackages(plan, context);

  report({ activity: `reading the package index of ${plan.mirror}` });
  const aptFolder = aptFolderOf(request.workDir);
  const { cacheDir } = request;
  await refreshIndex({ ...sourcesOf(plan), cacheDir }, aptFolder, {
    ...{ sandbox, log, signal: context.signal },
    force: request.image.forceCheckingDeps === true,
    onProgress: (fraction) => report({ fraction: fraction * 0.5, activity: 'reading the package index' }),
  });
  report({ fraction: 0.6, activity: 'resolving packages' });
  const elsewhere = (names: readonly string[]): Promise<ReadonlyMap<string, string>> =>
    componentsWith(names, plan, context);
  const wishes = { plan, local: debs, needed: optionParts(plan).packages, aptFolder, elsewhere };
  const resolution = await rememberedResolution({ ...wishes, cacheDir }, () =>
    resolvePackages(wishes, sandbox),
  );
  const count = resolution.base.length + resolution.extra.length;
  log(`${count} packages, ${Math.round(resolution.installedSize / 1e6)} MB installed`);
  for (const { name, why } of resolution.givenUp)
    log(`Warning: ${name} of the profile is left out, for others can't be installed beside it: ${why}.`);
  if (resolution.recommended.length > 0) {
    log(leftOutLine(resolution.recommended));
    log('With “recommends: true” in stack.os, or at one of its packages, they are installed, too.');
  }
  report({ fraction: 0.9, activity: `${count} packages` });

  assertDiskIsLargeEnough(plan, resolution);
  return { resolution, epoch: await releaseDate(aptFolder, plan), bundles };
}

/** Of several file systems only the sum is known before they are filled. */
function assertDiskIsLargeEnough({ system, disks }: Plan, { installedSize }: Resolution): void {
  if (!system.hasDisk) return;
  const [first] = disks;
  const mounted = mountedPartitions(disks);
  const isPartitioned = mounted.some(({ path }) => path.includes('partitions'));
  const space = mounted.reduce((sum, { size }) => sum + size, 0);
  const needed = installedSize * 1.1 + diskOverhead;
  if (isPartitioned && space < needed) {
    const [has, least] = [Math.floor(space / megabyte), Math.ceil(needed / megabyte)];
    throw new BuildError(
      `The partitions are too small: together they have ${has} MB, the packages need ${least} MB or more.`,
    );
  }
  const others = (first?.size ?? 0) - space;
  const least = Math.ceil((needed + others) / megabyte);
  if (!isPartitioned && first !== undefined && first.size < least * megabyte) {
    throw new BuildError(
      `The disk is too small: diskSize is ${first.size / megabyte} MB, the packages need ${least} MB or more.`,
    );
  }
}

async function checkBootScripts(plan: Plan, request: BuildRequest): Promise<void> {
  for (const script of plan.bootScripts) {
    const found = await stat(sourcePath(request.filesDir, script.source)).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw new BuildError(
        `The template archive has no file “${script.source}” for the boot script “${script.name}”.`,
      );
    }
  }
}

/**
 * The bundles' own packages: files of the archive, or names where an `ospkg` has none. Tools get copies with numbers for
 * names: apt is told of them in one line, where a blank would begin the next word.
 */
async function localPackages(plan: Plan, { request, sandbox }: StageContext): Promise<LocalPackages> {
  const files: string[] = [];
  const wanted: WantedPackage[] = [];
  const folder = join(request.workDir, 'debs');
  await mkdir(folder);
  for (const { at, source, otherwise } of plan.bundles.debs) {
    const from = sourcePath(request.filesDir, source);
    const found = await stat(from).catch(() => undefined);
    if (found === undefined && otherwise !== undefined) {
      wanted.push(otherwise);
      continue;
    }
    if (found?.isFile() !== true)
      throw new BuildError(`${at}: the template archive has no file “${source}”.`);
    const path = join(folder, `${files.length}.deb`);
    await copyFile(from, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    try {
      await sandbox.run('exec dpkg-deb --show --showformat="\\${Package}" "$DEB"', {
        env: { DEB: path },
        reads: [path],
        capture: true,
      });
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new BuildError(`${at}: “${source}” is no Debian package.`, error.lines.join('\n'));
    }
    files.push(path);
  }
  return { files, wanted };
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sourcePath } from '../../../appliance/unpack.ts';
import { BuildError } from '../model.ts';
import { preparePackageIndex, releaseDate } from '../packages/packageIndex.ts';
import type { Resolution } from '../packages/resolve.ts';
import { resolvePackages } from '../packages/resolve.ts';
import { installCommand, missingTools } from '../tools.ts';
import type { StageContext } from './stage.ts';
import { megabyte } from '../../../uforge/units.ts';

/** Boot partition, file system tables and journal, initial RAM disk, logs. Bytes. */
const diskOverhead = 300 * megabyte;

export function aptFolderOf(workDir: string): string {
  return join(workDir, 'apt');
}

/** What there is to install, and what that is as of. */
export interface Checked {
  readonly resolution: Resolution;
  /** The release's date on the mirror; seconds since 1970. */
  readonly epoch: number;
}

/**
 * Finds out within seconds whether the build can succeed: tools, boot scripts, packages and their dependencies, the
 * size of the disk asked for and the space for building it.
 */
export async function checkDependencies(context: StageContext): Promise<Checked> {
  const { plan, request, sandbox, report, log } = context;
  const missing = await missingTools();
  if (missing.length > 0) {
    const names = missing.map(({ tool }) => tool).join(', ');
    throw new BuildError(`The build needs ${names}. Run: ${installCommand(missing)}`);
  }
  await checkBootScripts(context);

  report({ activity: `reading the package index of ${plan.mirror}` });
  const aptFolder = aptFolderOf(request.workDir);
  await preparePackageIndex({
    plan,
    aptFolder,
    sandbox,
    cacheDir: request.cacheDir,
    onProgress: (fraction) => report({ fraction: fraction * 0.5, activity: 'reading the package index' }),
  });
  report({ fraction: 0.6, activity: 'resolving packages' });
  const resolution = await resolvePackages(plan, aptFolder, sandbox);
  const count = resolution.base.length + resolution.extra.length;
  log(`${count} packages, ${Math.round(resolution.installedSize / 1e6)} MB installed`);
  report({ fraction: 0.9, activity: `${count} packages` });

  const least = Math.ceil((resolution.installedSize * 1.1 + plan.swapSize + diskOverhead) / megabyte);
  if (plan.system.hasDisk && plan.diskSize < least * megabyte) {
    throw new BuildError(
      `The disk is too small: diskSize is ${plan.diskSize / megabyte} MB, the packages need ${least} MB or more.`,
    );
  }
  return { resolution, epoch: await releaseDate(aptFolder, plan.release) };
}

async function checkBootScripts({ plan, request }: StageContext): Promise<void> {
  for (const script of plan.bootScripts) {
    const found = await stat(sourcePath(request.filesDir, script.source)).catch(() => undefined);
    if (found?.isFile() !== true) {
      throw new BuildError(
        `The template archive has no file “${script.source}” for the boot script “${script.name}”.`,
      );
    }
  }
}

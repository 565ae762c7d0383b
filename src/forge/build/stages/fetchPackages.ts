import { mkdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { linkOrCopy } from '../cache/cache.ts';
import { transferPercent } from '../packages/aptFolder.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import { shareDisk } from '../space.ts';
import { aptFolderOf } from './checkDependencies.ts';
import type { StageContext } from './stage.ts';

const download =
  'cd "$APT/archives"; APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 download $NAMES';

/**
 * Puts the packages' files into this build's archive folder: from the cache those that are there, from the mirror the
 * rest, which then are in the cache too. apt checks their hashes as it downloads.
 */
export async function fetchPackages(
  packages: readonly ResolvedPackage[],
  context: StageContext,
): Promise<void> {
  const { request, sandbox, report, log } = context;
  if (packages.length === 0) {
    report({ fraction: 1, activity: 'everything is in the cache' });
    return;
  }
  const apt = aptFolderOf(request.workDir);
  const pool = join(request.cacheDir, 'packages');
  await mkdir(pool, { recursive: true });
  const absent: ResolvedPackage[] = [];
  for (const pkg of packages) {
    const cached = join(pool, pkg.fileName);
    const known = await stat(cached).catch(() => undefined);
    if (known?.size === pkg.fileSize) {
      const now = new Date();
      await utimes(cached, now, now).catch(() => undefined);
      await linkOrCopy(cached, join(apt, 'archives', pkg.fileName));
    } else {
      await rm(cached, { force: true });
      absent.push(pkg);
    }
  }
  const bytesTotal = absent.reduce((sum, pkg) => sum + pkg.fileSize, 0);
  log(
    `${packages.length - absent.length} of ${packages.length} packages are in the cache; ${bytesTotal} bytes to fetch`,
  );
  if (absent.length === 0) {
    report({ fraction: 1, activity: 'everything is in the cache' });
    return;
  }
  await context.needs(request.workDir, bytesTotal);
  if (!(await shareDisk(request.workDir, pool))) await context.needs(pool, bytesTotal);
  const names = absent.map((pkg) => `${pkg.name}:${pkg.arch}=${pkg.version}`);
  await sandbox.run(download, {
    env: { APT: apt, NAMES: names.join(' ') },
    writes: [apt, join(apt, 'archives')],
    network: true,
    onStatus: (line) => {
      const percent = transferPercent(line);
      if (percent === undefined) return;
      const bytesLoaded = Math.round((bytesTotal * percent) / 100);
      report({ fraction: percent / 100, activity: `${absent.length} packages`, bytesLoaded, bytesTotal });
    },
  });
  // apt gives a file the mirror's date; the cache goes by when one was used last.
  const now = new Date();
  for (const { fileName } of absent) {
    const file = join(apt, 'archives', fileName);
    await utimes(file, now, now);
    await linkOrCopy(file, join(pool, fileName));
  }
}

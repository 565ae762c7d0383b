import { join } from 'node:path';
import { transferPercent } from '../packages/aptFolder.ts';
import { whileArriving } from '../packages/arriving.ts';
import { PackagePool } from '../packages/pool.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import { shareDisk } from './space.ts';
import { aptFolderOf } from './checkDependencies.ts';
import type { StageContext } from './stage.ts';

const download =
  'cd "$APT/archives"; APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 download $NAMES';

/**
 * Puts the packages' files into this build's archive folder: from the cache those that are there, from the mirror the
 * rest, which then are in the cache too. All of them are what the signed index says: apt looks as it downloads, and the
 * pool whenever one is taken.
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
  const archives = join(apt, 'archives');
  const pool = new PackagePool(request.cacheDir, log);
  const absent: ResolvedPackage[] = [];
  for (const pkg of packages) {
    context.signal.throwIfAborted();
    if (!(await pool.take(pkg, archives))) absent.push(pkg);
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
  if (!(await shareDisk(request.workDir, request.cacheDir)))
    await context.needs(request.cacheDir, bytesTotal);
  const names = absent.map((pkg) => `${pkg.name}:${pkg.arch}=${pkg.version}`);
  await whileArriving({ folder: archives, mirror: context.plan.mirror }, (hanging) =>
    sandbox.run(download, {
      env: { APT: apt, NAMES: names.join(' ') },
      writes: [apt],
      network: true,
      signal: hanging,
      onStatus: (line) => {
        const percent = transferPercent(line);
        if (percent === undefined) return;
        const bytesLoaded = Math.round((bytesTotal * percent) / 100);
        report({ fraction: percent / 100, activity: `${absent.length} packages`, bytesLoaded, bytesTotal });
      },
    }),
  );
  await pool.keep(absent, archives);
}

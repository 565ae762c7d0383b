import { join } from 'node:path';
import { transferPercent } from '../packages/aptFolder.ts';
import { whileArriving } from '../packages/arriving.ts';
import { PackagePool } from '../packages/pool.ts';
import type { ResolvedPackage } from '../packages/resolve.ts';
import { aptFolderOf } from './checkDependencies.ts';
import type { Stage, StageContext } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

const download =
  'cd "$APT/archives"; APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 download $NAMES';

/**
 * The packages' files in this build's archive folder: from the cache those that are there, from the mirror the rest, which
 * then are in the cache too. All of them are what the signed index says: apt looks as it downloads, and the pool whenever
 * one is taken. Which ones is an option of the stages that install them.
 */
export function fetchedPackages(
  { plan, resolution }: BuildFacts,
  { base, installed }: { readonly base: Stage; readonly installed: Stage },
): Stage {
  return {
    name: 'fetched',
    title: 'fetchPackages',
    inputs: [],
    async run(making) {
      // What is in a layer that the cache has need not be here.
      const hasInstalled = await making.isKept(installed);
      const hasBase = await making.isKept(base);
      const extra = resolution.extra.filter(({ local }) => local === undefined);
      const missing = [...(hasBase ? [] : resolution.base), ...(hasInstalled ? [] : extra)];
      await fetch(missing, plan.mirror, making);
    },
  };
}

async function fetch(
  packages: readonly ResolvedPackage[],
  mirror: string,
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
  await context.needs(bytesTotal, bytesTotal);
  const names = absent.map((pkg) => `${pkg.name}:${pkg.arch}=${pkg.version}`);
  await whileArriving({ folder: archives, mirror }, (hanging) =>
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

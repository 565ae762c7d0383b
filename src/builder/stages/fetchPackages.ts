import { join } from 'node:path';
import { transferPercent } from '../packages/aptFolder.ts';
import { whileArriving } from '../packages/arriving.ts';
import { PackagePool } from '../packages/pool.ts';
import { loginsFile, startWayToRepositories } from '../packages/repositories.ts';
import type { ResolvedPackage } from '../packages/aptSays.ts';
import { mirrorOf, supplierOf, type Supplier } from '../packages/supplier.ts';
import type { Plan } from '../plan/plan.ts';
import type { WebProxy } from '../sandbox/webProxy.ts';
import { aptFolderOf } from './checkDependencies.ts';
import type { Stage, StageContext } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

const download = `
cd "$APT/archives"
APT_CONFIG="$APT/apt.conf" apt-get -q -o APT::Status-Fd=3 -o Dir::Etc::sourcelist="$APT/$LIST" \\
  -o Dir::Etc::netrc="$APT/$LOGINS" download $NAMES
`;

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
      await fetch(missing, plan, making);
    },
  };
}

async function fetch(
  packages: readonly ResolvedPackage[],
  { release, mirror, sources }: Plan,
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
  let loaded = 0;
  /** Each from its own: apt does not reach a template's archives by the mirror's way, nor the other way round. */
  const fetchFrom = async (
    chosen: readonly ResolvedPackage[],
    { list, supplier, web }: { list: string; supplier: Supplier; web?: WebProxy },
  ): Promise<void> => {
    if (chosen.length === 0) return;
    const size = chosen.reduce((sum, pkg) => sum + pkg.fileSize, 0);
    const names = chosen.map((pkg) => `${pkg.name}:${pkg.arch}=${pkg.version}`);
    const logins = web === undefined ? 'no-logins' : loginsFile;
    await whileArriving({ folder: archives, supplier }, (hanging) =>
      sandbox.run(download, {
        env: { APT: apt, NAMES: names.join(' '), LIST: list, LOGINS: logins },
        writes: [apt],
        ...(web === undefined ? { network: true } : { web }),
        signal: hanging,
        onStatus: (line) => {
          const percent = transferPercent(line);
          if (percent === undefined) return;
          const bytesLoaded = Math.round(loaded + (size * percent) / 100);
          const activity = `${absent.length} packages`;
          report({ fraction: bytesLoaded / bytesTotal, activity, bytesLoaded, bytesTotal });
        },
      }),
    );
    loaded += size;
    await pool.keep(chosen, archives);
  };
  await fetchFrom(
    absent.filter(({ from }) => from === undefined),
    { list: 'mirror.list', supplier: mirrorOf(release, mirror) },
  );
  for (const [index, repository] of sources.repositories.entries()) {
    const supplier = supplierOf(repository);
    const chosen = absent.filter(({ from }) => from?.startsWith(`${supplier.url}/`) === true);
    if (chosen.length === 0) continue;
    await using web = await startWayToRepositories(apt, log);
    await fetchFrom(chosen, { list: `repository-${index}.list`, supplier, web });
  }
}

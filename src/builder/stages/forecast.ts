import type { Cache } from '../cache/cache.ts';
import { diskFilesKey, type Keys } from '../cache/keys.ts';
import { isKept } from '../formats/diskFormat.ts';
import type { Plan } from '../plan/plan.ts';
import type { Expected } from './progress.ts';
import type { System } from '../plan/systems.ts';

/** What is left to do once the dependencies are known: it depends on what the cache has. */
export async function expectedStages(plan: Plan, keys: Keys, cache: Cache): Promise<Expected> {
  const { format, compress, system } = plan;
  const kind = `${format.info.imageFormat}${compress ? '' : ' uncompressed'}`;
  const isConverted =
    isKept(format.file, plan) && (await cache.has('diskFiles', diskFilesKey(keys, format.file.extension)));
  const packed: Expected = [
    ['convert', isConverted ? 'take disk files' : `convert ${kind}`],
    ['compress', `compress ${kind}`],
    ['store', `store ${kind}`],
  ];
  if (system.hasDisk && (await cache.has('disks', keys.disks)))
    return [['createDisk', 'take disk'], ...packed];
  if (!system.hasDisk && (await cache.has('roots', keys.root))) return [['install', 'take root'], ...packed];
  const disk: Expected = system.hasDisk ? [['createDisk', 'createDisk']] : [];
  const from = await startOfRoot(system, keys, cache);
  return [['fetchPackages', `fetch ${from}`], ['install', `install ${from}`], ...disk, ...packed];
}

async function startOfRoot(system: System, keys: Keys, cache: Cache): Promise<string> {
  if (!(await cache.has('bases', keys.base))) return `from nothing, ${system.name}`;
  return (await cache.has('installed', keys.installed)) ? 'on installed packages' : 'on a base root';
}

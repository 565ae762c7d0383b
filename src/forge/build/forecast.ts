import type { Cache } from './cache/cache.ts';
import type { Keys } from './cache/keys.ts';
import type { Plan } from './plan.ts';
import type { Expected } from './progress.ts';

/** What is left to do once the dependencies are known: it depends on what the cache has. */
export async function expectedStages(plan: Plan, keys: Keys, cache: Cache): Promise<Expected> {
  const { format, compress, system } = plan;
  const kind = `${format.info.imageFormat}${compress ? '' : ' uncompressed'}`;
  const packed: Expected = [
    ['convert', `convert ${kind}`],
    ['compress', `compress ${kind}`],
    ['store', `store ${kind}`],
  ];
  if (system.hasDisk && (await cache.has('disks', keys.disks)))
    return [['createDisk', 'take disk'], ...packed];
  const disk: Expected = system.hasDisk ? [['createDisk', 'createDisk']] : [];
  if (await cache.has('roots', keys.root)) {
    const taking: Expected = system.hasDisk ? [] : [['install', 'take root']];
    return [...taking, ...disk, ...packed];
  }
  const base = (await cache.has('bases', keys.base)) ? 'on a base root' : `from nothing, ${system.name}`;
  return [['fetchPackages', `fetch ${base}`], ['install', `install ${base}`], ...disk, ...packed];
}

import { cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { linkOrCopy } from '../../src/builder/cache/cache.ts';
import { cacheDir } from './builds.ts';

/**
 * A cache with the packages and the index of the tests' own, and no outputs of stages: nothing is downloaded
 * twice.
 */
export async function withoutOutputs(folder: string): Promise<string> {
  await mkdir(join(folder, 'packages'), { recursive: true });
  for (const name of await readdir(join(cacheDir, 'packages')).catch(() => [])) {
    if (name.endsWith('.deb'))
      await linkOrCopy(join(cacheDir, 'packages', name), join(folder, 'packages', name));
  }
  await cp(join(cacheDir, 'index'), join(folder, 'index'), {
    recursive: true,
    preserveTimestamps: true,
  }).catch(() => undefined);
  return folder;
}

import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isBelow, type MayPackOutside } from '../appliance/archive/outsideSources.ts';

/** Yes when all that a template names outside its folder is below one of these, wherever links lead. */
export function allowedFolders(folders: readonly string[]): MayPackOutside | undefined {
  if (folders.length === 0) return undefined;
  return async (outside) => {
    const real = await Promise.all(folders.map((folder) => realpath(folder).catch(() => resolve(folder))));
    return outside.every(({ path }) => real.some((folder) => isBelow(path, folder)));
  };
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder, isPlace } from '../../src/forge/process/paths.ts';

/** How many builds the forge of a data folder is at. Places at which none is stay where they are, empty. */
export async function forgeBuilds(dataDir: string): Promise<number> {
  const { work } = dataFolder(dataDir);
  const entries = await readdir(work, { withFileTypes: true }).catch(() => []);
  const places = entries.filter((entry) => entry.isDirectory() && isPlace(entry.name));
  const builds = await Promise.all(places.map(({ name }) => readdir(join(work, name)).catch(() => [])));
  return builds.flat().length;
}

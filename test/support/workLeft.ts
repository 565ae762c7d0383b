import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlace } from '../../src/forge/paths.ts';

/** What is in a forge's folder for work but the places, which stay: paths in it, sorted. */
export async function workLeft(dataFolder: string): Promise<string[]> {
  const paths = await readdir(join(dataFolder, 'work'), { recursive: true });
  return paths.filter((path) => !isPlace(path)).sort();
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPlace } from '../../src/forge/process/paths.ts';

/** What is in a forge's folder for work but the places, which stay: names, those in a place with it. */
export async function workLeft(dataFolder: string): Promise<string[]> {
  const work = join(dataFolder, 'work');
  const left: string[] = [];
  for (const name of await readdir(work)) {
    if (!isPlace(name)) left.push(name);
    else for (const inside of await readdir(join(work, name))) left.push(join(name, inside));
  }
  return left.sort();
}

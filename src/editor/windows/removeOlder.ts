import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes files last changed before a time (ms since 1970), left behind by closed windows. */
export async function removeOlder(folder: string, time: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs < time) await rm(file, { force: true });
  }
}

import { chmod, readdir, stat } from 'node:fs/promises';
import { makeFolder } from '../../uforge/download/makeFolder.ts';
import { BuildError } from '../model.ts';
import { entryKinds } from './cache.ts';

/**
 * Makes a folder that nobody but its owner may look into: what goes into images is in it, root passwords too. One that
 * is there and open to others is closed, where it is certain that it is ours and nothing else.
 * @param isOurs by the names of what is in it
 * @throws {BuildError} with what a person can do
 */
export async function makePrivateFolder(
  folder: string,
  isOurs: (names: readonly string[]) => boolean,
): Promise<void> {
  await makeFolder(folder, 0o700);
  const { uid, mode } = await stat(folder);
  const us = process.getuid?.() ?? uid;
  if (uid !== us) {
    throw new BuildError(
      `The folder ${folder} belongs to another user (id ${uid}; this one is ${us}), who could read and change what ` +
        'is kept there. Name a folder of your own.',
    );
  }
  if ((mode & 0o7777) === 0o700) return;
  const names = (await readdir(folder)).filter((name) => name !== 'lost+found');
  // Closing /tmp or /var would be the end of more than a forge.
  if ((mode & 0o077) !== 0 && names.length > 0 && !isOurs(names)) {
    throw new BuildError(
      `The folder ${folder} is open to other users and holds other things than the forge's. Name a folder for the ` +
        `forge alone, or close it: chmod 700 ${folder}`,
    );
  }
  await chmod(folder, 0o700);
}

/** The folder of a cache. @throws {BuildError} as `makePrivateFolder` does */
export async function makeCacheFolder(folder: string): Promise<void> {
  const known: readonly string[] = [...entryKinds, 'packages', 'index', 'locks', 'timings'];
  await makePrivateFolder(folder, (names) =>
    names.every((name) => known.includes(name.replace(/\..*$/, ''))),
  );
}

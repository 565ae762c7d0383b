import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isRoot } from './identity.ts';
import { Sandbox } from './sandbox.ts';

/**
 * Removes a folder and everything in it, also what belongs to a normal user's subordinate ids. rm goes from folder to
 * folder by what it has open: a program of a template can make folders in folders whose path is too long for any system
 * call, and none can make it go through a link.
 */
export async function wipe(path: string): Promise<void> {
  try {
    await promisify(execFile)('rm', ['-rf', '--one-file-system', '--', path]);
  } catch (error) {
    if (isRoot()) throw error;
    // Only root of the sandbox's user name space may remove those.
    const sandbox = new Sandbox(new AbortController().signal, () => undefined);
    await sandbox.run('rm -rf --one-file-system -- "$TARGET"', {
      env: { TARGET: path },
      writes: [dirname(path)],
    });
  }
}

/** Empties a folder but for the files named in `except`. */
export async function wipeContents(path: string, except: readonly string[] = []): Promise<void> {
  await mkdir(path, { recursive: true });
  for (const name of await readdir(path)) {
    if (!except.includes(name)) await wipe(join(path, name));
  }
}

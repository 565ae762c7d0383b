import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Sandbox } from './sandbox.ts';

/** Removes a folder and everything in it, also what belongs to a normal user's subordinate ids. */
export async function wipe(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch {
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

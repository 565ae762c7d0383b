import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { templateNames } from '../../appliance/find/definitions.ts';

/** Names, modes and contents of everything in an unpacked archive but the template, which the plan stands for. */
export async function hashOfFiles(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const walk = async (relative: string): Promise<void> => {
    const path = join(folder, relative);
    const found = await lstat(path);
    if (found.isDirectory()) {
      // A folder with nothing in it is one in the image, too.
      hash.update(`${JSON.stringify([relative])}\n`);
      for (const name of (await readdir(path)).sort()) {
        if (relative === '' && templateNames.includes(name)) continue;
        await walk(join(relative, name));
      }
      return;
    }
    const target = found.isSymbolicLink() ? [await readlink(path)] : [];
    hash.update(`${JSON.stringify([relative, found.mode & 0o7777, found.size, ...target])}\n`);
    if (found.isFile()) for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  };
  await walk('');
  return hash.digest('hex');
}

import { chmod, mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RootFile } from './bootScripts.ts';

/**
 * Writes files into a folder that is later unpacked inside the root, in a chroot: no link in the root can lead a
 * file to somewhere else on this computer.
 */
export async function writeOverlay(folder: string, files: readonly RootFile[], epoch: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const file of files) {
    const path = join(folder, file.path);
    await mkdir(dirname(path), {
      recursive: true,
      mode: file.path.startsWith('/root/.ssh/') ? 0o700 : 0o755,
    });
    await writeFile(path, file.content);
    await chmod(path, file.mode);
    await utimes(path, epoch, epoch);
  }
}

import { execFile } from 'node:child_process';
import { copyFile, mkdir, realpath, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const tools = [
  'bash',
  'cat',
  'chmod',
  'chown',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mknod',
  'perl',
  'rm',
  'stat',
  'touch',
];

/**
 * A root file system of a few of this computer's own tools with their libraries: enough to try to get out of.
 */
export async function littleRoot(folder: string): Promise<string> {
  for (const name of ['usr/bin', 'dev', 'proc', 'run', 'tmp', 'etc']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await symlink('usr/bin', join(folder, 'bin'));
  const libraries = new Set<string>();
  for (const tool of tools) {
    const path = await realpath(join('/usr/bin', tool));
    await copyFile(path, join(folder, 'usr/bin', tool));
    const { stdout } = await promisify(execFile)('ldd', [path]);
    for (const [, library = ''] of stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(/gm)) libraries.add(library);
  }
  for (const library of libraries) {
    const target = join(folder, dirname(library));
    await mkdir(target, { recursive: true });
    await copyFile(await realpath(library), join(target, basename(library)));
  }
  return folder;
}

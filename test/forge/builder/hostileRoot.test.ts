import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { writeFileSystem } from '../../../src/builder/fileSystems/writeFileSystem.ts';
import { writeLiveFiles } from '../../../src/builder/disk/live.ts';
import type { PlannedPartition } from '../../../src/builder/plan/disks.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { Sandbox, ToolError } from '../../../src/builder/sandbox/sandbox.ts';
import { temporaryFolder } from '../../support/builds.ts';

const sandbox = new Sandbox(new AbortController().signal, () => undefined);

/** Whether it is the sentence of a tool that ended. */
const says =
  (sentence: string) =>
  (error: unknown): boolean =>
    error instanceof ToolError && error.lines.some((line) => line.includes(sentence));

suite('a root that a stranger has filled', () => {
  test('can’t name files of this computer to be put into its XFS, by a link with a line break', async () => {
    await using folder = await temporaryFolder();
    const [root, disk, scratch] = ['root', 'disk', 'scratch'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    for (const each of [root, disk, scratch]) await mkdir(each);
    await symlink('x\n stolen ---644 0 0 /etc/passwd\n', join(root, 'link'));
    const partition: PlannedPartition = {
      ...{ path: [], name: 'sda1', number: 1, start: 0, size: 400 * 2 ** 20, type: '83', label: undefined },
      ...{ fileSystem: 'xfs', mountPoint: '/', uuid: '12345678-1234-1234-1234-123456789abc', isEfi: false },
    };
    const file = join(disk, 'disk1.raw');
    await writeFileSystem({
      ...{ partition, root, sandbox, efi: '', epoch: 1, folder: scratch },
      disk: file,
    });
    const print = async (path: string, order: string): Promise<string> =>
      (await promisify(execFile)('xfs_db', ['-r', '-c', `path ${path}`, '-c', order, file])).stdout;
    const names = (await print('/', 'ls')).matchAll(/^\d+ .* (\S+) \(good\)$/gm);
    assert.deepEqual(Array.from(names, ([, name]) => name).sort(), ['.', '..', 'link']);
    // xfs_db writes a line break as \d.
    assert.match(await print('/link', 'print u3.symlink'), /"x\\d stolen ---644 0 0 \/etc\/passwd\\d"/);
  });

  for (const [what, make] of [
    ['a folder', 'mkdir "$0"'],
    ['a pipe', 'mkfifo "$0"'],
    ['a link', 'ln -s /etc/shadow "$0"'],
  ] as const) {
    test(`with ${what} in the place of its kernel is not handed out for PXE`, async () => {
      await using folder = await temporaryFolder();
      const boot = join(folder.path, 'root/boot');
      await mkdir(boot, { recursive: true });
      await promisify(execFile)('sh', ['-c', make, join(boot, 'vmlinuz-1')]);
      await writeFile(join(boot, 'initrd.img-1'), 'x');
      const rootTar = join(folder.path, 'root.tar');
      await promisify(execFile)('tar', ['-C', join(folder.path, 'root'), '-cf', rootTar, '.']);
      await mkdir(join(folder.path, 'live'));
      const live = { rootTar, folder: join(folder.path, 'live'), plan: { epoch: 1 } as Plan };
      await assert.rejects(
        writeLiveFiles({ ...live, sandbox, onProgress: () => undefined }),
        says('vmlinuz in /boot is no file'),
      );
    });
  }
});

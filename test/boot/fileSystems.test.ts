import { execFile } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { startBuild, temporaryFolder } from '../support/builds.ts';
import { boot } from '../support/boot.ts';
import { report, smallTemplate } from '../support/smallTemplate.ts';

const minutes = 60_000;

/** What GRUB, which finds kernel and menu there, and the kernel start from: `/`, and `/boot` where it is its own. */
const layouts: readonly { readonly root: string; readonly boot?: string }[] = [
  { root: 'xfs' },
  { root: 'btrfs' },
  { root: 'btrfs', boot: 'xfs' },
  { root: 'xfs', boot: 'btrfs' },
];

/** Asks for what a file system filled without being mounted could have lost, and for what bundles had. */
const whatStayed = `${report}
cd /opt/app
echo "STAYED $(getcap tool) $(cat 'tree/a file.txt') $(readlink tree/link) $(ls tree/empty | wc -l)" \\
  "$(stat -c %a keys/private) $(readlink keys/python) $(ls -d /vmlinuz.old 2> /dev/null) ."
`;

async function bundleIn(filesDir: string): Promise<object> {
  const tree = join(filesDir, 'tree');
  await mkdir(join(tree, 'empty'), { recursive: true });
  await writeFile(join(tree, 'a file.txt'), 'text');
  await symlink('a file.txt', join(tree, 'link'));
  const keys = join(filesDir, 'keys');
  await mkdir(keys);
  await writeFile(join(keys, 'private'), 'secret');
  await chmod(join(keys, 'private'), 0o600);
  await symlink('/usr/bin/python3', join(keys, 'python'));
  await promisify(execFile)('tar', ['-cf', join(filesDir, 'keys.tar'), '-C', filesDir, 'keys']);
  await writeFile(join(filesDir, 'tool'), '#!/bin/sh\nsetcap cap_net_raw+ep "$0"\n');
  const files = [
    { name: 'tree', source: 'tree' },
    { name: 'keys.tar', source: 'keys.tar', extract: true },
    { name: 'tool', source: 'tool', params: 'now' },
  ];
  return { name: 'app', version: '1', destination: '/opt/app', files };
}

suite('file systems to start from', () => {
  test(
    'xfs as / keeps names with blanks, capabilities, links and rights',
    { timeout: 30 * minutes },
    async () => {
      await using folder = await temporaryFolder();
      const partitions = [{ number: 1, fstype: 'xfs', size: 2048, mountPoint: '/', grow: true }];
      const partitioning = { disks: [{ name: 'sda', type: 'msdos' as const, size: 3072, partitions }] };
      const os = { pkgs: [{ name: 'libcap2-bin' }] };
      const { template, filesDir } = await smallTemplate(folder.path, os, { partitioning }, whatStayed);
      const stack = { ...template.stack, bundles: [(await bundleIn(filesDir)) as never] };
      const { artifact } = await startBuild(
        folder.path,
        { template: { ...template, stack }, filesDir },
        { compress: false, targetFormat: { name: 'QCOW2' } },
      );
      const { path } = await artifact;
      await boot(
        { path, targetFormat: 'QCOW2' },
        [/STAYED tool cap_net_raw=ep text a file\.txt 0 600 \/usr\/bin\/python3 +\./],
        { timeoutMs: 10 * minutes },
      );
    },
  );

  for (const layout of layouts) {
    const called = `${layout.root} as /${layout.boot === undefined ? '' : `, ${layout.boot} as /boot`}`;
    test(`${called}, on BIOS and on UEFI`, { timeout: 30 * minutes }, async () => {
      await using folder = await temporaryFolder();
      const efi = { number: 1, fstype: 'FAT32', size: 64, mountPoint: '/boot/efi' };
      const own = layout.boot && { number: 2, fstype: layout.boot, size: 512, mountPoint: '/boot' };
      const root = { number: own ? 3 : 2, fstype: layout.root, size: 2048, mountPoint: '/', grow: true };
      const partitions = [efi, ...(own ? [own] : []), root];
      const partitioning = { disks: [{ name: 'sda', type: 'msdos' as const, size: 3072, partitions }] };
      const { artifact } = await startBuild(
        folder.path,
        await smallTemplate(folder.path, {}, { partitioning }),
        { compress: false, targetFormat: { name: 'QCOW2' } },
      );
      const { path } = await artifact;
      for (const firmware of ['bios', 'uefi'] as const) {
        await boot(
          { path, targetFormat: 'QCOW2' },
          [
            new RegExp(`MOUNTED / ${layout.root}\\s`),
            ...(layout.boot === undefined ? [] : [new RegExp(`MOUNTED /boot ${layout.boot}\\s`)]),
            /MOUNTED \/boot\/efi vfat\s[^]*FAILED 0/,
          ],
          { firmware, timeoutMs: 10 * minutes },
        );
      }
    });
  }
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startBuild, temporaryFolder } from '../support/builds.ts';
import { boot } from '../support/qemu.ts';
import { smallTemplate } from '../support/smallTemplate.ts';

const minutes = 60_000;

/** What GRUB, which finds kernel and menu there, and the kernel start from: `/`, and `/boot` where it is its own. */
const layouts: readonly { readonly root: string; readonly boot?: string }[] = [
  { root: 'xfs' },
  { root: 'btrfs' },
  { root: 'btrfs', boot: 'xfs' },
  { root: 'xfs', boot: 'btrfs' },
];

suite('file systems to start from', () => {
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
      const { path: disk } = await artifact;
      for (const firmware of ['bios', 'uefi'] as const) {
        const booted = await boot(
          { disk, diskFormat: 'qcow2', hardware: 'virtio', firmware },
          [
            new RegExp(`MOUNTED / ${layout.root}\\s`),
            ...(layout.boot === undefined ? [] : [new RegExp(`MOUNTED /boot ${layout.boot}\\s`)]),
            /MOUNTED \/boot\/efi vfat\s[^]*FAILED 0/,
          ],
          { timeoutMs: 10 * minutes },
        );
        assert.ok(booted.reached, `${firmware}: ${booted.console.slice(-3000)}`);
      }
    });
  }
});

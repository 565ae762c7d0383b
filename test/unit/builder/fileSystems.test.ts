import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileSystems } from '../../../src/builder/fileSystems/fileSystems.ts';
import { planDisks } from '../../../src/builder/plan/disks.ts';
import { rootFiles } from '../../../src/builder/root/rootFiles.ts';
import { listedValues } from '../../../src/uforge/schema/table.ts';
import { planBuild } from '../../support/plans.ts';

const partition = (number: number, fstype: string, mountPoint?: string, more: object = {}): object => ({
  ...{ number, fstype, size: 500, ...(mountPoint !== undefined && { mountPoint }), ...more },
});

const planned = (...partitions: object[]): ReturnType<typeof planDisks> =>
  planDisks({ disks: [{ name: 'sda', size: 4000, partitions: partitions as never }] }, [], 'seed');

suite('the table of file systems', () => {
  test('has no name that UForge doesn’t know', () => {
    const known = listedValues('Partition', 'fstype').map((name) => name.toLowerCase());
    const ours = Object.values(fileSystems).flatMap(({ fstypes }) => fstypes.map(({ name }) => name));
    assert.deepEqual(
      ours.filter((name) => !known.includes(name.toLowerCase())),
      [],
    );
  });

  test('says what a partition is, whatever the case of its name', () => {
    const { disks, problems } = planned(
      partition(1, 'BTRFS', '/'),
      ...[partition(2, 'fat16', '/a'), partition(3, 'vfat', '/boot/efi'), partition(4, 'Linux-Swap')],
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(
      disks[0]?.partitions.map(({ fileSystem, type }) => [fileSystem, type]),
      [
        ['btrfs', '83'],
        ['vfat', 'e'],
        ['vfat', 'ef'],
        ['swap', '82'],
      ],
    );
  });

  test('says what can’t be', () => {
    const { problems } = planned(
      partition(1, 'FAT32', '/boot'),
      partition(2, 'xfs', '/', { size: 200, label: 'longer-than-12' }),
      partition(3, 'FAT16', '/a', { size: 2100 }),
      partition(4, 'ntfs', '/b'),
    );
    assert.deepEqual(
      problems.map(({ says }) => says),
      [
        '200 MB: xfs needs 300 MB or more',
        '“longer-than-12”: 12 letters and digits at most for xfs',
        '2100 MB: FAT16 has 2048 MB at most',
        "“ntfs” can't be filled without mounting it; the local forge makes ext2, ext3, ext4, xfs, btrfs, FAT32, " +
          'FAT16 and linux-swap',
        'must be ext2, ext3, ext4, xfs or btrfs for /boot: FAT has no links',
      ],
    );
  });

  test('says how each is mounted', async () => {
    const partitions = [
      ...[partition(1, 'ext4', '/'), partition(2, 'fat32', '/boot/efi'), partition(3, 'linux-swap')],
      partition(4, 'xfs', '/srv'),
    ] as never;
    const installation = { partitioning: { disks: [{ name: 'sda', size: 4000, partitions }] } };
    const os = { name: 'Debian', version: '12', arch: 'x86_64' };
    const request = {
      template: { stack: { name: 'a', version: '1', os, installation } },
      image: { targetFormat: { name: 'QCOW2' } },
      ...{ revision: 1, filesDir: '/files', workDir: '/work', cacheDir: '/cache' },
    };
    const plan = await planBuild(request, {});
    const fstab = rootFiles(plan).find(({ path }) => path === '/etc/fstab');
    const lines = String(fstab?.content)
      .trim()
      .split('\n')
      .map((line) =>
        line.replace(/=[-0-9a-f]{36} /, '=uuid ').replace(/=[0-9A-F]{4}-[0-9A-F]{4} /, '=serial '),
      );
    assert.deepEqual(lines.toSorted(), [
      'UUID=serial /boot/efi vfat umask=0077 0 2',
      'UUID=uuid / ext4 errors=remount-ro 0 1',
      'UUID=uuid /srv xfs defaults 0 0',
      'UUID=uuid none swap sw 0 0',
    ]);
  });
});

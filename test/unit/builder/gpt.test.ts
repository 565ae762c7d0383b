import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { planDisks } from '../../../src/builder/plan/disks.ts';
import { sfdiskScript } from '../../../src/builder/stages/createDisk.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'gpt-test-'))));
after(() => rm(folder, { recursive: true, force: true }));

const partitions = [
  { number: 1, fstype: 'FAT32', size: 64, mountPoint: '/boot/efi' },
  { number: 2, fstype: 'linux-swap', size: 64 },
  { number: 3, fstype: 'ext4', size: 64, mountPoint: '/srv' },
  { number: 4, fstype: 'ext4', size: 64, mountPoint: '/opt' },
  { number: 9, fstype: 'ext4', size: 768, mountPoint: '/' },
];

suite('a disk with a GPT', () => {
  test('has its partitions, GRUB’s own before them, and room for the second table, as sfdisk says', async () => {
    const planned = planDisks({ disks: [{ name: 'sda', type: 'gpt', size: 1024, partitions }] }, [], 'seed');
    assert.deepEqual(planned.problems, []);
    assert.deepEqual(
      planned.warnings.map(({ says }) => says),
      ['becomes 766 MB: the partition tables take 2 MB'],
    );
    const [disk] = planned.disks;
    assert.ok(disk);
    const file = join(folder, 'disk');
    await writeFile(file, '');
    await truncate(file, disk.size);
    sfdisk(['--quiet', '--no-reread', '--no-tell-kernel', file], sfdiskScript(disk));
    assert.match(sfdisk(['--verify', file]), /No errors detected/);
    const { partitiontable } = JSON.parse(sfdisk(['--json', file])) as {
      partitiontable: {
        id: string;
        partitions: { start: number; size: number; type: string; uuid: string }[];
      };
    };
    assert.equal(partitiontable.id.toLowerCase(), disk.id);
    assert.deepEqual(
      partitiontable.partitions
        .toSorted((a, b) => a.start - b.start)
        .map(({ start, size, type }) => [start, size, type.slice(0, 8)]),
      [
        [34, 2014, '21686148'],
        [2048, 64 * 2048, 'C12A7328'],
        [65 * 2048, 64 * 2048, '0657FD6D'],
        [129 * 2048, 64 * 2048, '0FC63DAF'],
        [193 * 2048, 64 * 2048, '0FC63DAF'],
        [257 * 2048, 766 * 2048, '0FC63DAF'],
      ],
    );
    const own = new Set(disk.partitions.map(({ uuid }) => uuid.toUpperCase()));
    assert.equal(partitiontable.partitions.filter(({ uuid }) => own.has(uuid)).length, 5);
  });

  test('may be larger than an MBR can say', () => {
    const large = (type: 'gpt' | 'msdos'): readonly string[] =>
      planDisks({ disks: [{ name: 'sda', type, size: 2 ** 21 + 1, partitions }] }, [], '').problems.map(
        ({ says }) => says,
      );
    assert.deepEqual(large('gpt'), []);
    assert.match(large('msdos').join(), /an MBR disk has 2 TB at most, one of type gpt more/);
  });
});

function sfdisk(args: readonly string[], input?: string): string {
  return execFileSync('sfdisk', args, { encoding: 'utf8', ...(input !== undefined && { input }) });
}

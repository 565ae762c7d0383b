import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';
import { boot } from '../../support/boot.ts';

test('a compressed raw disk unpacks to one that boots on UEFI, with swap', { timeout: 900_000 }, async () => {
  await using folder = await temporaryFolder();
  const { artifact } = await startBuild(folder.path, await exampleTemplate('minimal'), {
    compress: true,
    targetFormat: { name: 'Raw Virtual Disk' },
    installProfile: { diskSize: 2048, swapSize: 128 },
  });
  const image = await artifact;
  assert.equal(image.fileName, 'minimal_1.0rev1_raw.raw.gz');
  const disk = join(folder.path, 'disk.raw');
  await promisify(execFile)('sh', [
    '-c',
    'gunzip < "$1" | dd of="$2" bs=1M conv=sparse',
    'sh',
    image.path,
    disk,
  ]);
  assert.equal((await stat(disk)).size, 2048 * 2 ** 20);

  await boot({ path: disk, targetFormat: 'Raw Virtual Disk' }, [/minimal login:/, /131068K|128M/], {
    firmware: 'uefi',
    timeoutMs: 480_000,
    dialogue: [
      { expect: /login:/, send: 'root\n' },
      { expect: /Password:/, send: 'appliance\n' },
      { expect: /root@minimal:~#/, send: 'swapon --noheadings; ls -d /sys/firmware/efi\n' },
    ],
  });
});

test('a raw disk as it is can be written into: the cache keeps its own', { timeout: 300_000 }, async () => {
  const sums: string[] = [];
  while (sums.length < 2) {
    await using folder = await temporaryFolder();
    const { artifact } = await startBuild(folder.path, await exampleTemplate('minimal'), {
      compress: false,
      targetFormat: { name: 'Raw Virtual Disk' },
      installProfile: { diskSize: 1024 },
    });
    const { path, sha256, size } = await artifact;
    const { nlink, blocks } = await stat(path);
    assert.equal(nlink, 1);
    assert.ok(blocks * 512 < size, 'its holes are still holes');
    await using disk = await open(path, 'r+');
    await disk.write('written into', 2 ** 20);
    sums.push(sha256);
  }
  assert.equal(sums[0], sums[1]);
});

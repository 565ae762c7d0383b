import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { Artifact } from '../../src/forge/build/build.ts';
import type { Image } from '../../src/uforge/dto.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { boot, type Machine } from '../support/qemu.ts';

const run = promisify(execFile);
const minutes = 60_000;
/** What examples/nginx says on the console when its first-boot script has run. */
const ready = [/APPLIANCE-READY nginx \d\S*/];

async function built(folder: string, name: string, more: Image = {}): Promise<Artifact> {
  const image = { compress: true, ...more, targetFormat: { name }, installProfile: { diskSize: 2048 } };
  const { artifact } = await startBuild(folder, await exampleTemplate('nginx'), image);
  return await artifact;
}

/** Boots it until its script has spoken. */
async function starts(machine: Machine): Promise<void> {
  const booted = await boot({ memory: 1024, ...machine }, ready, { timeoutMs: 12 * minutes });
  assert.ok(booted.reached, booted.console.slice(-3000));
}

test('VirtualBox: an AHCI disk and an e1000 card, BIOS', { timeout: 20 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const { path } = await built(folder.path, 'VirtualBox');
  await run('tar', ['-C', folder.path, '-xf', path]);
  const disk = join(folder.path, 'nginx_1.0rev1_vbox-disk1.vmdk');
  await starts({ disk, diskFormat: 'vmdk', hardware: 'virtualBox' });
});

// OVMF, as Debian builds it, has no driver for PVSCSI disks; SeaBIOS has. UEFI is started from an AHCI disk below.
test('VMware vCenter: a PVSCSI disk and a vmxnet3 card, BIOS', { timeout: 20 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const { path } = await built(folder.path, 'VMware vCenter');
  await run('tar', ['-C', folder.path, '-xf', path]);
  const disk = join(folder.path, 'nginx_1.0rev1_vcenter-disk1.vmdk');
  await starts({ disk, diskFormat: 'vmdk', hardware: 'vmware' });
});

test('QCOW2: virtio, BIOS', { timeout: 20 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const { path } = await built(folder.path, 'QCOW2');
  await starts({ disk: path, diskFormat: 'qcow2', hardware: 'virtio' });
});

test('Raw Virtual Disk: an AHCI disk and an e1000 card, UEFI', { timeout: 20 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const { path } = await built(folder.path, 'Raw Virtual Disk', { compress: false });
  await starts({ disk: path, diskFormat: 'raw', hardware: 'virtualBox', firmware: 'uefi' });
});

for (const firmware of ['bios', 'uefi'] as const) {
  test(`ISO: a CD drive, no disk, ${firmware.toUpperCase()}`, { timeout: 20 * minutes }, async () => {
    await using folder = await temporaryFolder();
    const { path } = await built(folder.path, 'ISO');
    await starts({ cdrom: path, hardware: 'virtualBox', firmware });
  });
}

test(
  'PXE: no disk; iPXE loads kernel, initial RAM disk and root over HTTP',
  { timeout: 20 * minutes },
  async () => {
    await using folder = await temporaryFolder();
    const image = await built(folder.path, 'PXE');
    const server = createServer((request, response) => {
      createReadStream(join(image.filesDir ?? '', basename(request.url ?? '')))
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const tftp = join(folder.path, 'tftp');
      await mkdir(tftp);
      // 10.0.2.2 is this computer, seen from QEMU's network.
      const script = (await readFile(image.path, 'utf8')).replace(
        '#!ipxe\n',
        `#!ipxe\nset files http://10.0.2.2:${port}\n`,
      );
      await writeFile(join(tftp, 'boot.ipxe'), script);
      await starts({ hardware: 'ide', network: { folder: tftp, file: 'boot.ipxe' }, memory: 1536 });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);

test('Docker: the entrypoint runs in the unpacked image', { timeout: 20 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const entrypoint = '["/bin/sh", "-c", "nginx -v 2>&1; echo CONTAINER-$((40+2))"]';
  const { path } = await built(folder.path, 'Docker', { entrypoint });
  const layout = join(folder.path, 'layout');
  await mkdir(layout);
  await run('tar', ['-C', layout, '-xf', path]);
  const tag = (await run('umoci', ['ls', '--layout', layout])).stdout.trim();
  const bundle = join(folder.path, 'bundle');
  await run('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle]);
  const { process } = JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8')) as {
    process: { args: string[] };
  };
  const { stdout } = await run('unshare', [
    ...['--fork', '--pid', '--mount', '--kill-child', 'chroot', join(bundle, 'rootfs')],
    ...process.args,
  ]);
  assert.match(stdout, /nginx version: nginx\/\d[^]*CONTAINER-42/);
});

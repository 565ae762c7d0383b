import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { Artifact } from '../../src/builder/index.ts';
import { boot, type Machine } from './qemu.ts';

const execute = promisify(execFile);
const run = async (command: string, ...args: string[]): Promise<string> =>
  (await execute(command, args, { maxBuffer: 2 ** 26 })).stdout;

/** A way to start a finished image on what its platform has. */
export interface Start {
  /** As in `targetFormat/name`. */
  readonly format: string;
  /** What it is started on. */
  readonly on: string;
  /** Starts it, in a new folder, until it has said `ready`; rejects with what it said instead. */
  readonly start: (image: Artifact, folder: string, ready: RegExp) => Promise<void>;
}

export const starts: readonly Start[] = [
  {
    ...{ format: 'VirtualBox', on: 'AHCI, e1000, BIOS' },
    start: onDisk('vmdk', { hardware: 'virtualBox' }),
  },
  {
    ...{ format: 'QCOW2', on: 'virtio, BIOS' },
    start: onDisk('qcow2', { hardware: 'virtio' }),
  },
  {
    ...{ format: 'Raw Virtual Disk', on: 'AHCI, e1000, UEFI' },
    start: onDisk('raw', { hardware: 'virtualBox', firmware: 'uefi' }),
  },
  {
    ...{ format: 'VHD', on: 'IDE, e1000, BIOS' },
    start: onDisk('raw', { hardware: 'ide' }),
  },
  // OVMF, as Debian builds it, has no driver for PVSCSI disks; SeaBIOS has.
  {
    ...{ format: 'VMware vCenter', on: 'PVSCSI, vmxnet3, BIOS' },
    start: onDisk('vmdk', { hardware: 'vmware' }),
  },
  {
    ...{ format: 'Amazon AWS', on: 'NVMe, UEFI' },
    start: onDisk('vmdk', { hardware: 'nvme', firmware: 'uefi' }),
  },
  {
    ...{ format: 'Google Compute Engine', on: 'virtio-scsi, UEFI' },
    start: onDisk('raw', { hardware: 'virtioScsi', firmware: 'uefi' }),
  },
  { format: 'Docker', on: 'its entrypoint in a chroot', start: inChroot },
  { format: 'ISO', on: 'CD drive, BIOS', start: fromCd('bios') },
  { format: 'ISO', on: 'CD drive, UEFI', start: fromCd('uefi') },
  { format: 'PXE', on: 'iPXE over HTTP', start: overHttp },
];

async function starting(machine: Machine, ready: RegExp): Promise<void> {
  const booted = await boot({ memory: 1024, ...machine }, [ready], { timeoutMs: 12 * 60_000 });
  if (!booted.reached) throw new Error(`It did not start: ${booted.console.slice(-3000)}`);
}

function onDisk(diskFormat: 'vmdk' | 'qcow2' | 'raw', machine: Machine): Start['start'] {
  return async ({ path }, folder, ready) => {
    await starting({ ...machine, disk: await diskIn(path, folder), diskFormat }, ready);
  };
}

/** The disk file of an image, unpacked. A fixed VHD is the raw disk with 512 bytes behind it. */
async function diskIn(path: string, folder: string): Promise<string> {
  if (/\.(ova|tar\.gz)$/.test(path)) {
    await run('tar', '-C', folder, '--sparse', '-xf', path);
    const disk = (await readdir(folder)).find((name) => /\.(vmdk|raw)$/.test(name));
    return join(folder, disk ?? 'no disk');
  }
  if (!path.endsWith('.gz')) return path;
  const disk = join(folder, basename(path, '.gz'));
  // Whole MiB again, as the disk was.
  const script = 'gunzip < "$1" | dd of="$2" bs=1M conv=sparse status=none; truncate -s /1M "$2"';
  await run('sh', '-c', script, 'sh', path, disk);
  return disk;
}

function fromCd(firmware: 'bios' | 'uefi'): Start['start'] {
  return async ({ path }, _folder, ready) => {
    await starting({ cdrom: path, hardware: 'virtualBox', firmware }, ready);
  };
}

/** No disk; iPXE loads kernel, initial RAM disk and root over HTTP. */
async function overHttp(image: Artifact, folder: string, ready: RegExp): Promise<void> {
  const server = createServer((request, response) => {
    createReadStream(join(image.filesDir ?? '', basename(request.url ?? '')))
      .on('error', () => response.writeHead(404).end())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    // 10.0.2.2 is this computer, seen from QEMU's network.
    const files = `#!ipxe\nset files http://10.0.2.2:${port}\n`;
    const script = (await readFile(image.path, 'utf8')).replace('#!ipxe\n', files);
    await writeFile(join(folder, 'boot.ipxe'), script);
    await starting({ hardware: 'ide', network: { folder, file: 'boot.ipxe' }, memory: 1536 }, ready);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The entrypoint, in the unpacked image. */
async function inChroot({ path }: Artifact, folder: string, ready: RegExp): Promise<void> {
  const layout = join(folder, 'layout');
  await mkdir(layout);
  await run('tar', '-C', layout, '-xf', path);
  const tag = (await run('umoci', 'ls', '--layout', layout)).trim();
  const bundle = join(folder, 'bundle');
  await run('umoci', 'unpack', '--image', `${layout}:${tag}`, bundle);
  const { process } = JSON.parse(await readFile(join(bundle, 'config.json'), 'utf8')) as {
    process: { args: string[] };
  };
  const inside = ['--fork', '--pid', '--mount', '--kill-child', 'chroot', join(bundle, 'rootfs')];
  const said = await run('unshare', ...inside, ...process.args);
  if (!ready.test(said)) throw new Error(`It said: ${said.slice(-3000)}`);
}

import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Artifact } from '../../src/builder/index.ts';
import { boot } from './boot.ts';

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
  inQemu('VirtualBox', 'AHCI, e1000, BIOS'),
  inQemu('QCOW2', 'virtio, BIOS'),
  inQemu('Raw Virtual Disk', 'AHCI, e1000, UEFI', 'uefi'),
  inQemu('VHD', 'IDE, e1000, BIOS'),
  // OVMF, as Debian builds it, has no driver for PVSCSI disks; SeaBIOS has.
  inQemu('VMware vCenter', 'PVSCSI, vmxnet3, BIOS'),
  inQemu('Amazon AWS', 'NVMe, UEFI', 'uefi'),
  inQemu('Google Compute Engine', 'virtio-scsi, UEFI', 'uefi'),
  { format: 'Docker', on: 'its entrypoint in a chroot', start: inChroot },
  inQemu('ISO', 'CD drive, BIOS'),
  inQemu('ISO', 'CD drive, UEFI', 'uefi'),
  inQemu('PXE', 'iPXE over HTTP'),
];

function inQemu(format: string, on: string, firmware: 'bios' | 'uefi' = 'bios'): Start {
  return {
    ...{ format, on },
    async start({ path, filesDir }, _folder, ready) {
      const image = { path, targetFormat: format, ...(filesDir !== undefined && { filesDir }) };
      await boot(image, [ready], { firmware, timeoutMs: 12 * 60_000 });
    },
  };
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

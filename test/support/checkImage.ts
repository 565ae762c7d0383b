import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imageFormatOf } from '../../src/builder/formats/formats.ts';
import type { ImageShape } from '../../src/builder/formats/format.ts';
import type { Artifact } from '../../src/builder/index.ts';

const execute = promisify(execFile);

/** Runs a tool we did not write; rejects with what it said when it does not like the file. */
async function run(command: string, ...args: string[]): Promise<string> {
  const { stdout } = await execute(command, args, { maxBuffer: 2 ** 26 });
  return stdout;
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

/** Unpacks a file of an image; the path of what is inside. */
async function gunzip(path: string, target: string): Promise<string> {
  await run('sh', '-c', 'gunzip < "$1" | dd of="$2" bs=1M conv=sparse status=none', 'sh', path, target);
  return target;
}

async function untar(path: string, folder: string): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  await run('tar', '-C', folder, '--sparse', '-xf', path);
  return (await run('tar', '-tf', path)).trim().split('\n');
}

interface DiskInfo {
  'virtual-size': number;
  format: string;
}

async function disk(path: string, format: string, check = true): Promise<DiskInfo> {
  if (check) await run('qemu-img', 'check', '-f', format, path);
  const info = JSON.parse(await run('qemu-img', 'info', '-f', format, '--output=json', path)) as DiskInfo;
  expect(info['virtual-size'] % 2 ** 20 === 0, `${path} has ${info['virtual-size']} bytes`);
  return info;
}

/** The disk has a partition table that sfdisk reads. */
async function partitions(path: string): Promise<void> {
  expect(/Disklabel type: (dos|gpt)/.test(await run('fdisk', '--list', path)), 'no partition table');
}

async function ovf(folder: string, names: readonly string[], family: string): Promise<void> {
  const descriptor = join(folder, names.find((name) => name.endsWith('.ovf')) ?? 'no.ovf');
  await run('xmllint', '--noout', descriptor);
  const path = "string(//*[local-name()='VirtualSystemType'])";
  expect(
    (await run('xmllint', '--xpath', path, descriptor)).trim() === family,
    `the family is not ${family}`,
  );
  const manifest = names.find((name) => name.endsWith('.mf'));
  if (manifest !== undefined)
    await run('sh', '-c', 'cd "$1" && sha256sum --quiet -c "$2"', 'sh', folder, manifest);
  const vmdks = names.filter((name) => name.endsWith('.vmdk'));
  expect(vmdks.length > 0, 'no disk in the archive');
  for (const name of vmdks) await disk(join(folder, name), 'vmdk');
}

type Check = (image: Artifact, folder: string) => Promise<string>;

const ova =
  (family: string): Check =>
  async ({ path }, folder) => {
    await ovf(folder, await untar(path, folder), family);
    return 'tar, xmllint, sha256sum, qemu-img check';
  };

const plainDisk =
  (format: string): Check =>
  async ({ path }) => {
    await disk(path, format);
    return 'qemu-img check';
  };

const vhd: Check = async ({ path, fileExtension }, folder) => {
  const file = fileExtension.endsWith('.gz') ? await gunzip(path, join(folder, 'disk.vhd')) : path;
  await disk(file, 'vpc', false);
  // qemu-img has read the footer; the disk in front of it is one, too.
  await run('qemu-img', 'convert', '-f', 'vpc', '-O', 'raw', file, join(folder, 'back.raw'));
  await partitions(join(folder, 'back.raw'));
  return 'gunzip, qemu-img convert, fdisk';
};

const raw: Check = async ({ path, fileExtension }, folder) => {
  const file = fileExtension.endsWith('.gz') ? await gunzip(path, join(folder, 'disk.raw')) : path;
  await partitions(file);
  return 'gunzip, fdisk';
};

const rawInTar: Check = async ({ path }, folder) => {
  const names = await untar(path, folder);
  expect(names.join() === 'disk.raw', `in the archive: ${names.join(', ')}`);
  await partitions(join(folder, 'disk.raw'));
  return 'tar, fdisk';
};

const container: Check = async ({ path }, folder) => {
  const seen = JSON.parse(await run('skopeo', 'inspect', '--config', `oci-archive:${path}`)) as {
    config: { Entrypoint: string[] };
  };
  expect(seen.config.Entrypoint.length > 0, 'no entrypoint');
  await run('skopeo', 'inspect', `docker-archive:${path}`);
  await untar(path, folder);
  const tags = (await run('umoci', 'ls', '--layout', folder)).trim();
  await run('umoci', 'unpack', '--image', `${folder}:${tags}`, join(folder, 'bundle'));
  return 'skopeo inspect, umoci unpack';
};

const withDisks =
  (also: (folder: string, names: readonly string[]) => Promise<string>): Check =>
  async ({ path }, folder) => {
    const names = await untar(path, folder);
    for (const name of names.filter((each) => each.endsWith('.qcow2')))
      await disk(join(folder, name), 'qcow2');
    return `tar, qemu-img check, ${await also(folder, names)}`;
  };

/** How each shape of an image is looked at, which its row in the table of formats names; the result names the tools. */
const checks: Readonly<Record<ImageShape, Check>> = {
  'OVA of VirtualBox': ova('virtualbox-2.2'),
  'OVA of VMware': ova('vmx-09'),
  qcow2: plainDisk('qcow2'),
  vmdk: plainDisk('vmdk'),
  vdi: plainDisk('vdi'),
  'raw disk': raw,
  vhd,
  vhdx: async ({ path, fileExtension }, folder) => {
    const file = fileExtension.endsWith('.gz') ? await gunzip(path, join(folder, 'disk.vhdx')) : path;
    await disk(file, 'vhdx');
    return 'gunzip, qemu-img check';
  },
  'raw disk in tar': rawInTar,
  'KVM archive': withDisks(async (folder, names) => {
    await run('sh', '-n', join(folder, names.find((name) => name.endsWith('launch.sh')) ?? 'none'));
    return 'sh -n';
  }),
  'Xen archive': withDisks(async (folder, names) => {
    // xl's configuration has the syntax of Python.
    const file = join(folder, names.find((name) => name.endsWith('.cfg')) ?? 'none');
    await run('python3', '-c', 'import sys; compile(open(sys.argv[1]).read(), "cfg", "exec")', file);
    return 'python3 (xl configuration)';
  }),
  'Vagrant box': async ({ path }, folder) => {
    const names = await untar(path, folder);
    await run('python3', '-m', 'json.tool', join(folder, 'metadata.json'));
    await ovf(folder, names, 'virtualbox-2.2');
    return 'tar, json.tool, xmllint, qemu-img check';
  },
  'OCI archive': container,
  'LXC archive': async ({ path }, folder) => {
    const names = await untar(path, folder);
    await run('python3', '-m', 'json.tool', join(folder, 'metadata.yaml'));
    expect(names.includes('rootfs/etc/os-release'), 'no rootfs');
    return 'tar, json.tool';
  },
  'root in tar': async ({ path }) => {
    const names = await run('tar', '-tf', path);
    expect(names.includes('./etc/os-release'), 'no root in the archive');
    return 'tar';
  },
  'live ISO': async ({ path }) => {
    const report = await run('xorriso', '-indev', path, '-report_el_torito', 'plain');
    expect(report.includes('BIOS') && report.includes('UEFI'), report);
    expect((await run('file', '--brief', path)).includes('bootable'), 'file finds it not bootable');
    return 'xorriso, file';
  },
  'network boot': async ({ filesDir = '' }) => {
    expect(
      (await readdir(filesDir)).toSorted().join() === 'boot.ipxe,filesystem.squashfs,initrd.img,vmlinuz',
      'the files are not all there',
    );
    await run('unsquashfs', '-stat', join(filesDir, 'filesystem.squashfs'));
    expect((await run('file', '--brief', join(filesDir, 'vmlinuz'))).includes('Linux kernel'), 'no kernel');
    return 'unsquashfs, file';
  },
};

/**
 * Looks at a finished image with its platform's tools, or others that read such files; unpacks into the new
 * folder `folder`. Resolves with the tools' names, rejects when one of them does not like what it sees.
 */
export async function checkImage(targetFormat: string, image: Artifact, folder: string): Promise<string> {
  const format = imageFormatOf(targetFormat);
  if (format === undefined) throw new Error(`There is no format “${targetFormat}”.`);
  await mkdir(folder, { recursive: true });
  return await checks[format.shape](image, folder);
}

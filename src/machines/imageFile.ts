import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { tarEntries, through } from '../appliance/archive/readTar.ts';
import { targetFormats } from '../appliance/catalog/targetFormats.ts';
import { sentence } from '../uforge/language/sentence.ts';
import { readRange } from './diskFormat.ts';
import { MachineError } from './machineError.ts';
import type { ImageFile } from './model.ts';

/** By the end of the name, where there is no archive to look into. */
const byEnding: readonly (readonly [ending: RegExp, targetFormat: string])[] = [
  [/\.ova$/i, 'OVF or OVA'],
  [/\.box$/i, 'Vagrant Base Box'],
  [/\.qcow2$/i, 'QCOW2'],
  [/\.(raw|img)(\.gz)?$/i, 'Raw Virtual Disk'],
  [/\.vmdk$/i, 'OpenStack VMDK'],
  [/\.vhd(\.gz)?$/i, 'VHD'],
  [/\.vhdx(\.gz)?$/i, 'Hyper-V'],
  [/\.vdi$/i, 'OpenStack VDI'],
  [/\.iso$/i, 'ISO'],
  [/\.ipxe$/i, 'PXE'],
];

/** By what is in a tar. */
const byMember: readonly (readonly [member: RegExp, targetFormat: string])[] = [
  [/^(\.\/)?(oci-layout|index\.json|manifest\.json|blobs\/)/, 'Docker'],
  [/(^|\/)launch\.sh$/, 'KVM'],
  [/^(\.\/)?disk\.raw$/, 'Google Compute Engine'],
  [/^(\.\/)?(metadata\.yaml$|rootfs\/)/, 'LXC Container'],
  [/\.qcow2$/, 'QCOW2'],
  [/^(\.\/)?(etc|usr|bin)\//, 'tar.gz'],
];

/**
 * An image of which nobody knows what it was made for: what the forge puts into its name says it, else its ending and
 * what is in it.
 * @throws {MachineError} for what is no image
 */
export async function imageFileAt(path: string): Promise<ImageFile> {
  const name = basename(path);
  const named = targetFormats.find(({ imageFormat }) =>
    name.toLowerCase().includes(`_${imageFormat.toLowerCase()}.`),
  );
  const targetFormat =
    named?.name ?? byEnding.find(([ending]) => ending.test(name))?.[1] ?? (await formatOfTar(path));
  if (targetFormat !== undefined) return { path, targetFormat };
  throw new MachineError(
    'input',
    sentence`${path} is no image that is known. Say what it was made for, for example VirtualBox.`,
  );
}

async function formatOfTar(path: string): Promise<string | undefined> {
  if (!/\.(tar|tar\.gz|tgz)$/i.test(path)) return undefined;
  const beginning = await readRange(path, 0, 2).catch((error: unknown) => {
    throw new MachineError('input', sentence`There is no file ${path}.`, String(error));
  });
  const isGzip = beginning.equals(Buffer.from([0x1f, 0x8b]));
  const file = createReadStream(path);
  const tar = isGzip ? through(file, createGunzip()) : file;
  for await (const { name } of tarEntries(tar, () => undefined, undefined)) {
    const found = byMember.find(([member]) => member.test(name));
    if (found !== undefined) return found[1];
  }
  return undefined;
}

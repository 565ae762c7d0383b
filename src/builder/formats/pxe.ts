import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { liveFilesIn, liveParameters } from '../disk/live.ts';
import type { Plan } from '../plan/plan.ts';
import { compressedShare, type ImageMaking } from './format.ts';
import { imageIn, liveConverted, moveOn } from './steps.ts';

/**
 * Kernel, initial RAM disk and root as files that the forge hands out one by one, and an iPXE script that names them.
 */
export const pxe: ImageMaking = {
  shape: 'network boot',
  room: () => ({ convert: compressedShare, pack: 0 }),
  convert: liveConverted,
  async pack(context) {
    const files = join(context.into, 'files');
    await mkdir(files);
    const { kernel, initrd, squashfs } = liveFilesIn(context.from);
    const step = { ...context, into: files };
    await moveOn([kernel, initrd, squashfs], step, 'the script that names the files');
    for (const path of [imageIn(context.into, 'ipxe'), join(files, 'boot.ipxe')])
      await writeFile(path, pxeScript(context.plan));
  },
};

/** `files` is where the files are: what chains this script may set it, else they are on the boot server, in files/. */
export function pxeScript(plan: Plan): string {
  return `#!ipxe
isset \${files} || set files http://\${next-server}/files
kernel \${files}/vmlinuz initrd=initrd.img ${liveParameters(plan)} ip=dhcp fetch=\${files}/filesystem.squashfs
initrd \${files}/initrd.img
boot
`;
}

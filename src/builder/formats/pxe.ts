import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { liveParameters, writeLiveFiles } from '../disk/live.ts';
import type { Plan } from '../plan/plan.ts';
import { liveSystem } from '../plan/systems.ts';
import { compressedShare, type ImageFormat } from './format.ts';
import { infoOf } from './info.ts';
import { rootOf } from './rootOf.ts';
import { bytesReporter } from './steps.ts';

/**
 * Kernel, initial RAM disk and root as files that the forge hands out one by one, and an iPXE script that names them.
 */
export const pxe: ImageFormat = {
  info: infoOf('PXE', 'Kernel, initial RAM disk and root for a start over the network, and an iPXE script.'),
  system: liveSystem,
  room: () => ({ convert: compressedShare, pack: 0 }),
  async convert(output, context) {
    const { plan, workDir, sandbox } = context;
    const folder = join(workDir, 'pxe');
    const onProgress = bytesReporter(context, 'compressing the root');
    await writeLiveFiles({ rootTar: rootOf(output), folder, plan, sandbox, onProgress });
    return [folder];
  },
  async pack([folder = ''], _output, { plan, workDir }) {
    const path = join(workDir, 'packed.ipxe');
    await writeFile(path, pxeScript(plan));
    await writeFile(join(folder, 'boot.ipxe'), pxeScript(plan));
    return { path, extension: 'ipxe', mimeType: 'text/plain', filesDir: folder };
  },
};

/** `files` is where the files are: what chains this script may set it, else they are on the boot server, in files/. */
function pxeScript(plan: Plan): string {
  return `#!ipxe
isset \${files} || set files http://\${next-server}/files
kernel \${files}/vmlinuz initrd=initrd.img ${liveParameters(plan)} ip=dhcp fetch=\${files}/filesystem.squashfs
initrd \${files}/initrd.img
boot
`;
}

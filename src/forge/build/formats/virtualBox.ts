import { join } from 'node:path';
import { writeOva } from '../disk/ova.ts';
import { writeStreamOptimizedVmdk } from '../disk/vmdk.ts';
import { genericSystem } from '../systems.ts';
import type { ImageFormat } from './format.ts';

/** An OVA for VirtualBox. Its machines have an AHCI disk and an e1000 card: only Debian's full kernel knows them. */
export const virtualBox: ImageFormat = {
  info: {
    name: 'VirtualBox',
    imageFormat: 'vbox',
    type: 'virtual',
    description: 'An OVA that VirtualBox imports: machine description and disk in one file.',
  },
  system: genericSystem,
  fileType: () => ({ extension: 'ova', mimeType: 'application/ovf' }),

  async convert({ disks: [disk] }, { plan, sandbox, workDir, signal, report }) {
    const target = join(workDir, 'converted.vmdk');
    await writeStreamOptimizedVmdk({
      source: disk?.path ?? '',
      target,
      compress: plan.compress,
      sandbox,
      signal,
      onProgress: (bytesLoaded, bytesTotal) =>
        report({
          fraction: bytesLoaded / bytesTotal,
          activity: 'writing the VMDK disk',
          bytesLoaded,
          bytesTotal,
        }),
    });
    return target;
  },

  async pack(converted, { plan, workDir, signal, report }) {
    const target = join(workDir, 'packed.ova');
    await writeOva({
      plan,
      vmdk: converted,
      target,
      signal,
      onProgress: (bytesLoaded, bytesTotal) =>
        report({ fraction: bytesLoaded / bytesTotal, activity: 'writing the OVA', bytesLoaded, bytesTotal }),
    });
    return target;
  },
};

import { join } from 'node:path';
import { gzipDisk } from '../disk/gzipDisk.ts';
import { genericSystem } from '../systems.ts';
import type { ImageFormat } from './format.ts';

/** A disk as it is, for any hypervisor or a real disk: Debian's full kernel, gzip when compressed. */
export const raw: ImageFormat = {
  info: {
    name: 'Raw Virtual Disk',
    imageFormat: 'raw',
    type: 'virtual',
    description: 'A plain disk, byte by byte, for any hypervisor or a real disk.',
  },
  system: genericSystem,
  fileType: (compress) =>
    compress
      ? { extension: 'raw.gz', mimeType: 'application/gzip' }
      : { extension: 'raw', mimeType: 'application/octet-stream' },

  convert: ({ disks: [disk] }, { report }) => {
    report({ fraction: 1, activity: 'a raw disk needs no conversion' });
    return Promise.resolve(disk?.path ?? '');
  },

  async pack(converted, { plan, sandbox, workDir, signal, report }) {
    if (!plan.compress) return converted;
    const target = join(workDir, 'packed.raw.gz');
    await gzipDisk({
      source: converted,
      target,
      sandbox,
      signal,
      onProgress: (bytesLoaded, bytesTotal) =>
        report({ fraction: bytesLoaded / bytesTotal, activity: 'gzip', bytesLoaded, bytesTotal }),
    });
    return target;
  },
};

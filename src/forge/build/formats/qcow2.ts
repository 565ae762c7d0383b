import { join } from 'node:path';
import { cloudSystem } from '../systems.ts';
import type { ImageFormat } from './format.ts';

const script = `
options=(-O qcow2)
if [ "$COMPRESS" = yes ]; then options+=(-c -o compression_type=zstd); fi
exec qemu-img convert -p -W -m 8 "\${options[@]}" -f raw "$DISK" "$TARGET"
`;

/** For QEMU and KVM: virtio hardware, so Debian's cloud kernel is enough. QEMU 5.1 or newer reads zstd. */
export const qcow2: ImageFormat = {
  info: {
    name: 'QCOW2',
    imageFormat: 'qcow2',
    type: 'virtual',
    description: 'A disk for QEMU and KVM (virtio hardware).',
  },
  system: cloudSystem,
  fileType: () => ({ extension: 'qcow2', mimeType: 'application/x-qemu-disk' }),

  async convert({ disks: [disk] }, { plan, sandbox, workDir, report }) {
    const target = join(workDir, 'converted.qcow2');
    await sandbox.run(script, {
      env: { DISK: disk?.path ?? '', TARGET: target, COMPRESS: plan.compress ? 'yes' : 'no' },
      capture: true,
      onLine: (line) => {
        const percent = /\((\d+(?:\.\d+)?)\/100%\)/.exec(line)?.[1];
        if (percent !== undefined)
          report({ fraction: Number(percent) / 100, activity: 'writing the QCOW2 disk' });
      },
    });
    return target;
  },

  pack: (converted) => Promise.resolve(converted),
};

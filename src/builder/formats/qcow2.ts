import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const qcow2 = diskFormat({
  name: 'QCOW2',
  description: 'A disk for QEMU and KVM (virtio hardware).',
  system: cloudSystem,
  file: qcow2File,
});

import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const cloudStackQcow2 = diskFormat({
  name: 'CloudStack KVM (QCOW2)',
  description: 'A template for CloudStack on KVM.',
  system: cloudSystem,
  file: qcow2File,
});

import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const openStackQcow2 = diskFormat({
  name: 'OpenStack QCOW2',
  description: 'A Glance image for OpenStack on KVM.',
  system: cloudSystem,
  file: qcow2File,
});

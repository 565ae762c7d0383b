import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const suseCloud = diskFormat({
  name: 'SUSE Cloud',
  description: 'A Glance image for SUSE OpenStack Cloud on KVM.',
  system: cloudSystem,
  file: qcow2File,
});

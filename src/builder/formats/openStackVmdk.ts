import { genericSystem } from '../plan/systems.ts';
import { vmdkFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const openStackVmdk = diskFormat({
  name: 'OpenStack VMDK',
  description: 'A Glance image for OpenStack on vSphere (streamOptimized).',
  system: genericSystem,
  file: vmdkFile,
});

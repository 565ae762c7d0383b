import { cloudSystem } from '../plan/systems.ts';
import { vmdkFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

/** VM Import takes raw, VHD and VMDK: of these only the VMDK leaves out what is empty. */
export const aws = diskFormat({
  name: 'Amazon AWS',
  description: 'A disk for EC2 VM Import (streamOptimized VMDK), with drivers for Nitro and Xen machines.',
  system: cloudSystem,
  file: vmdkFile,
});

import { genericSystem } from '../plan/systems.ts';
import { vmdkFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const k5 = diskFormat({
  name: 'Fujitsu K5',
  description: 'A disk for Fujitsu K5 (streamOptimized VMDK).',
  system: genericSystem,
  file: vmdkFile,
});

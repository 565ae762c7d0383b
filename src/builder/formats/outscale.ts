import { cloudSystem } from '../plan/systems.ts';
import { qcow2File } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const outscale = diskFormat({
  name: 'Outscale',
  description: 'A disk to import as an Outscale snapshot.',
  system: cloudSystem,
  file: qcow2File,
});

import { cloudSystem } from '../plan/systems.ts';
import { vhdxFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const hyperV = diskFormat({
  name: 'Hyper-V',
  description: 'A VHDX for a Hyper-V machine of either generation.',
  system: cloudSystem,
  file: vhdxFile,
  gzip: true,
});

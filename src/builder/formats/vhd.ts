import { genericSystem } from '../plan/systems.ts';
import { fixedVhdFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const vhd = diskFormat({
  name: 'VHD',
  description: 'A fixed VHD, for Virtual PC and whatever reads one.',
  system: genericSystem,
  file: fixedVhdFile,
  gzip: true,
});

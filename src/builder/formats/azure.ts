import { cloudSystem } from '../plan/systems.ts';
import { fixedVhdFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const azure = diskFormat({
  name: 'Microsoft Azure',
  description: 'A fixed VHD of whole MiB, to upload as a page blob.',
  system: cloudSystem,
  file: fixedVhdFile,
  gzip: true,
});

import { genericSystem } from '../plan/systems.ts';
import { rawFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const raw = diskFormat({
  name: 'Raw Virtual Disk',
  description: 'A plain disk, byte by byte, for any hypervisor or a real disk.',
  system: genericSystem,
  file: rawFile,
  gzip: true,
});

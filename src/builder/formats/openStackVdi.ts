import { genericSystem } from '../plan/systems.ts';
import { vdiFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const openStackVdi = diskFormat({
  name: 'OpenStack VDI',
  description: 'A Glance image in the format of VirtualBox.',
  system: genericSystem,
  file: vdiFile,
});

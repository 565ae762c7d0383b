import { cloudSystem } from '../plan/systems.ts';
import { dynamicVhdFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const openStackVhd = diskFormat({
  name: 'OpenStack VHD',
  description: 'A Glance image for OpenStack on Hyper-V or XenServer.',
  system: cloudSystem,
  file: dynamicVhdFile,
});

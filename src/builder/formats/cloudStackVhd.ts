import { cloudSystem } from '../plan/systems.ts';
import { dynamicVhdFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

/** CloudStack takes templates as .vhd.gz, too. */
export const cloudStackVhd = diskFormat({
  name: 'CloudStack Citrix Xen (VHD)',
  description: 'A template for CloudStack on XenServer.',
  system: cloudSystem,
  file: dynamicVhdFile,
  gzip: true,
});

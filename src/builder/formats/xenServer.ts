import { cloudSystem } from '../plan/systems.ts';
import { dynamicVhdFile } from './diskFiles.ts';
import { diskFormat } from './diskFormat.ts';

export const xenServer = diskFormat({
  name: 'Citrix Xen Server',
  description: 'A VHD that XenServer and XCP-ng import.',
  system: cloudSystem,
  file: dynamicVhdFile,
  gzip: true,
});

import { cloudSystem } from '../plan/systems.ts';
import { diskTarGz } from './diskTarGz.ts';

export const google = diskTarGz({
  name: 'Google Compute Engine',
  description: 'disk.raw in a gzip-compressed tar archive, for a Compute Engine image.',
  system: cloudSystem,
});

import { genericSystem } from '../plan/systems.ts';
import { diskTarGz } from './diskTarGz.ts';

export const oracle = diskTarGz({
  name: 'Oracle Cloud',
  description: 'A raw disk in a gzip-compressed tar archive, for Oracle Cloud.',
  system: genericSystem,
});

import type { PlannedDisk } from '../plan/disks.ts';

const sector = 512;

/** A disk's partitions as sfdisk reads them. */
export function sfdiskScript({ id, partitions }: PlannedDisk): string {
  return [
    'label: dos',
    `label-id: 0x${id}`,
    ...partitions.map(({ number, start, size, type, mountPoint }) => {
      const bootable = mountPoint === '/' && number < 5 ? ', bootable' : '';
      return `${number} : start=${start / sector}, size=${size / sector}, type=${type}${bootable}`;
    }),
    '',
  ].join('\n');
}

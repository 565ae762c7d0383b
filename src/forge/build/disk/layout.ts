import type { Plan } from '../plan.ts';
import { megabyte } from '../../../uforge/units.ts';

const sector = 512;

/** A stretch of the disk. Bytes. */
export interface PartitionPlace {
  readonly start: number;
  readonly size: number;
}

/** Where everything is on the disk. */
export interface DiskLayout {
  /** FAT, for UEFI machines. */
  readonly boot: PartitionPlace;
  readonly swap: PartitionPlace | undefined;
  /** ext4, last, so that a larger disk can grow it. */
  readonly root: PartitionPlace;
}

/** An MBR disk: the first MiB holds GRUB for BIOS machines, then the FAT boot partition, swap if any, root. */
export function diskLayout(plan: Plan): DiskLayout {
  const boot = { start: megabyte, size: 64 * megabyte };
  const afterBoot = boot.start + boot.size;
  const swap = plan.swapSize > 0 ? { start: afterBoot, size: plan.swapSize } : undefined;
  const start = afterBoot + plan.swapSize;
  return { boot, swap, root: { start, size: plan.diskSize - start } };
}

/** The layout as sfdisk reads it. */
export function sfdiskScript(layout: DiskLayout, diskId: string): string {
  const line = (place: PartitionPlace, rest: string): string =>
    `start=${place.start / sector}, size=${place.size / sector}, ${rest}`;
  return [
    'label: dos',
    `label-id: 0x${diskId}`,
    line(layout.boot, 'type=ef'),
    ...(layout.swap === undefined ? [] : [line(layout.swap, 'type=82')]),
    line(layout.root, 'type=83, bootable'),
    '',
  ].join('\n');
}

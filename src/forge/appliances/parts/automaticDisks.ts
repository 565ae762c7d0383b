import type { Installation } from '../../../appliance/template/model/template.ts';
import { automaticDisks } from '../../../builder/index.ts';
import { megabyte } from '../../../uforge/units.ts';
import type { Partitioning } from './partitions.ts';

/** The disks of a template that has no partitioning of its own, as they will be made. */
export function automaticPartitioning(installation: Installation): Partitioning {
  const disks = automaticDisks(installation).map(({ name, size, partitions }) => ({
    name,
    type: 'msdos' as const,
    size: Math.floor(size / megabyte),
    partitions: partitions.map(({ number, fileSystem, size: bytes, mountPoint, label }) => ({
      number,
      ...(fileSystem !== undefined && { fstype: fstypes[fileSystem] ?? fileSystem }),
      size: Math.max(0, Math.floor(bytes / megabyte)),
      ...(mountPoint !== undefined && { mountPoint }),
      ...(label !== undefined && { label }),
    })),
  }));
  return { disks };
}

/** What UForge calls otherwise. */
const fstypes: Readonly<Record<string, string>> = { swap: 'linux-swap', vfat: 'fat32' };

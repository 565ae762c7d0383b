import type { Long } from './dto.ts';

/** What a size in a DTO counts. */
export type Unit = 'bytes' | 'MB';

/** Bytes in an `MB`: the units of disks and memory are powers of two. */
export const megabyte = 2 ** 20;

const bytesIn: Readonly<Record<Unit, number>> = { bytes: 1, MB: megabyte };

/**
 * The unit of every size this project reads or sends. The schema's annotations say bytes for most of them;
 * the portal, hammr and the samples of the API all mean MB for what is asked for, and that is what works (for
 * a volume of AWS the portal once showed GiB; hammr sends its `diskSize` as it is). What a server measured
 * (files, transfers, quotas) is in bytes.
 */
export const units = {
  InstallProfile: { diskSize: 'MB', swapSize: 'MB', memorySize: 'MB' },
  Disk: { size: 'MB' },
  Partition: { size: 'MB' },
  Image: { ebsVolumeSize: 'MB', fileSize: 'bytes', size: 'bytes' },
  OpStatus: { bytesLoaded: 'bytes', bytesTotal: 'bytes' },
  Pkg: { size: 'bytes' },
} as const;

type Units = typeof units;

/** The unit of an element of a type, when it is a size. */
export function unitOf(type: string, field: string): Unit | undefined {
  const all: Readonly<Record<string, Readonly<Record<string, Unit>>>> = units;
  return all[type]?.[field];
}

/** A size of a DTO in bytes: `bytesOf('InstallProfile', 'diskSize', 2)` is two MB. */
export function bytesOf<T extends keyof Units>(type: T, field: keyof Units[T], size: Long): number {
  return Number(size) * bytesIn[units[type][field] as Unit];
}

/** The same size in MB, as templates have it: `megabytesOf('Disk', 'size', 8192)` is 8192. */
export function megabytesOf<T extends keyof Units>(type: T, field: keyof Units[T], size: Long): number {
  return bytesOf(type, field, size) / megabyte;
}

/** A size in MB as that field has it. */
export function fromMegabytes<T extends keyof Units>(type: T, field: keyof Units[T], size: number): number {
  return (size * megabyte) / bytesIn[units[type][field] as Unit];
}

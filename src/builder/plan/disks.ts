import type { Disk, Partition, Partitioning } from '../../appliance/template/model/template.ts';
import { isExtended, isLvm } from '../../appliance/template/rules/partitioning.ts';
import { diskNameProblem, mountPointProblem } from '../../appliance/template/rules/paths.ts';
import type { TemplatePath } from '../../appliance/template/model/path.ts';
import { megabyte } from '../../uforge/units.ts';
import { fileSystemCalled, fileSystems, fstypesWhere, type FileSystem } from '../fileSystems/fileSystems.ts';
import { uuidFrom } from './ids.ts';
import type { Sentence } from '../../uforge/language/sentence.ts';

/** A partition of a disk; `start` and `size` in bytes. */
export interface PlannedPartition {
  readonly path: TemplatePath;
  /** `sda5` */
  readonly name: string;
  readonly number: number;
  readonly start: number;
  readonly size: number;
  /** MBR's type, in hex. */
  readonly type: string;
  /** undefined: left as it is (Extended, unformatted). */
  readonly fileSystem: FileSystem | undefined;
  readonly mountPoint: string | undefined;
  /** For fstab, beside those the file system needs. */
  readonly mountOptions?: string | undefined;
  readonly label: string | undefined;
  readonly uuid: string;
  /** GRUB for UEFI machines goes into it. */
  readonly isEfi: boolean;
}

export interface PlannedDisk {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** A UUID, of which an MBR disk has the first eight digits as its signature. */
  readonly id: string;
  readonly table: 'dos' | 'gpt';
  readonly partitions: readonly PlannedPartition[];
}

/** What is wrong or different with a place of the partitioning, as the rest of a sentence. */
interface DiskRemark {
  readonly path: TemplatePath;
  readonly says: string;
}

export interface PlannedDisks {
  readonly disks: readonly PlannedDisk[];
  readonly problems: readonly DiskRemark[];
  readonly warnings: readonly DiskRemark[];
}

const bootPartition = 64;

/** One disk without a partitioning: FAT for UEFI machines, swap if any, root as ext4, last, so that it can be grown. */
export function defaultDisks(
  sizes: { readonly diskSize: number; readonly swapSize: number },
  seed: string,
): PlannedDisks {
  const path: TemplatePath = ['stack', 'installation'];
  const disk = Math.floor(sizes.diskSize / megabyte);
  const swap = Math.ceil(sizes.swapSize / megabyte);
  const rest = disk - 1 - bootPartition - swap;
  const partition = (
    number: number,
    start: number,
    size: number,
    more: Pick<PlannedPartition, 'type' | 'fileSystem'> & Partial<PlannedPartition>,
  ): PlannedPartition => ({
    path,
    name: `sda${number}`,
    number,
    start: start * megabyte,
    size: size * megabyte,
    mountPoint: undefined,
    label: undefined,
    uuid: uuidFrom(seed, more.mountPoint === '/' ? 'root' : (more.fileSystem ?? '')),
    isEfi: false,
    ...more,
  });
  const afterBoot = 1 + bootPartition;
  const partitions = [
    partition(1, 1, bootPartition, { type: 'ef', fileSystem: 'vfat', label: 'BOOT', isEfi: true }),
    ...(swap > 0 ? [partition(2, afterBoot, swap, { type: '82', fileSystem: 'swap' })] : []),
    partition(swap > 0 ? 3 : 2, afterBoot + swap, rest, {
      type: '83',
      fileSystem: 'ext4',
      mountPoint: '/',
      label: 'root',
    }),
  ];
  const id = uuidFrom(seed, 'disk');
  const planned = { name: 'sda', size: sizes.diskSize, id, table: 'dos', partitions } as const;
  return { disks: [planned], problems: [], warnings: [] };
}

/**
 * The disks of a partitioning. What the rules of the template language refuse has been refused before; names and paths
 * are looked at once more, where the build takes them.
 */
export function planDisks(partitioning: Partitioning, path: TemplatePath, seed: string): PlannedDisks {
  return new DiskPlan(seed).plan(partitioning, path);
}

interface Slot {
  readonly partition: Partition;
  readonly path: TemplatePath;
  readonly start: number;
  readonly size: number;
}

class DiskPlan {
  readonly #problems: DiskRemark[] = [];
  readonly #warnings: DiskRemark[] = [];
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  plan(partitioning: Partitioning, path: TemplatePath): PlannedDisks {
    for (const key of ['volumeGroups', 'logicalVolumes'] as const) {
      if ((partitioning[key]?.length ?? 0) > 0) this.#problem([...path, key], noLvm);
    }
    const disks = (partitioning.disks ?? []).map((disk, index) =>
      this.#disk(disk, [...path, 'disks', index]),
    );
    this.#checkBoot(
      disks.flatMap(({ partitions }) => partitions),
      path,
    );
    return { disks, problems: this.#problems, warnings: this.#warnings };
  }

  #disk(disk: Disk, path: TemplatePath): PlannedDisk {
    this.#check(disk.name, diskNameProblem, [...path, 'name']);
    if (disk.type === 'LVM') this.#problem([...path, 'type'], noLvm);
    const isGpt = disk.type === 'gpt';
    if (!isGpt && disk.size > 2 ** 21 - 1)
      this.#problem([...path, 'size'], `${disk.size} MB: an MBR disk has 2 TB at most, one of type gpt more`);
    const places = (disk.partitions ?? []).map((partition, index) => ({
      partition,
      path: [...path, 'partitions', index],
    }));
    const partitions = this.#share(places, 1, disk.size - (isGpt ? 2 : 1), 0).flatMap((slot) => {
      const planned = this.#partition(disk, slot);
      if (!isExtended(slot.partition)) return [planned];
      const inner = (slot.partition.partitions ?? []).map((partition, index) => ({
        partition,
        path: [...slot.path, 'partitions', index],
      }));
      // Each logical partition has its own table in front of it, in a MB of its own.
      const slots = this.#share(inner, slot.start, slot.size, 1);
      return [planned, ...slots.map((each) => this.#partition(disk, each))];
    });
    const id = uuidFrom(this.#seed, `disk ${disk.name}`);
    return { name: disk.name, size: disk.size * megabyte, id, table: isGpt ? 'gpt' : 'dos', partitions };
  }

  /**
   * Gives every partition its place, one after the other. The tables themselves take a MB here and there, GPT's second
   * one at the end, too: when sizes fill a disk to its last MB, the largest partition gives it.
   */
  #share(
    places: readonly { readonly partition: Partition; readonly path: TemplatePath }[],
    from: number,
    space: number,
    gap: number,
  ): Slot[] {
    const sizes = places.map(({ partition }) => partition.size);
    const grown = places.findIndex(({ partition }) => partition.grow === true);
    const free = space - gap * places.length - sizes.reduce((sum, size) => sum + size, 0);
    if (grown >= 0 && free !== 0) sizes[grown] = Math.max(64, (sizes[grown] ?? 0) + free);
    else if (free < 0) {
      const largest = sizes.indexOf(Math.max(...sizes));
      sizes[largest] = (sizes[largest] ?? 0) + free;
      const place = places[largest];
      if (place !== undefined && free >= -Math.max(2, gap * places.length)) {
        this.#warnings.push({
          path: [...place.path, 'size'],
          says: `becomes ${sizes[largest] ?? 0} MB: the partition tables take ${-free} MB`,
        });
      }
    }
    let at = from;
    return places.map((place, index) => {
      const start = at + gap;
      const size = sizes[index] ?? 0;
      at = start + size;
      return { ...place, start, size };
    });
  }

  #partition(disk: Disk, { partition, path, start, size }: Slot): PlannedPartition {
    const { number, mountPoint, mountOptions, label } = partition;
    const found = this.#fileSystem(partition, path);
    const fileSystem = found?.fileSystem;
    this.#check(mountPoint, mountPointProblem, [...path, 'mountPoint']);
    if (mountPoint !== undefined && isUnformatted(partition)) {
      this.#problem([...path, 'mountPoint'], `${mountPoint}: what is not formatted can't be mounted`);
    }
    this.#checkSize(found, size, path);
    this.#checkLabel(fileSystem, label, path);
    if (mountPoint !== undefined && /^\/(etc|bin|sbin|lib\w*|dev|proc|sys|run)(\/|$)/.test(mountPoint)) {
      this.#problem([...path, 'mountPoint'], `${mountPoint}: the system needs it before anything is mounted`);
    }
    const name = `${disk.name}${number}`;
    const isEfi = mountPoint === '/boot/efi';
    if (isEfi && fileSystem !== 'vfat') {
      this.#problem([...path, 'fstype'], 'must be FAT32 or FAT16 for /boot/efi');
    }
    return {
      path,
      name,
      number,
      start: start * megabyte,
      size: size * megabyte,
      type: isEfi ? 'ef' : (found?.mbrType ?? (isExtended(partition) ? 'f' : '83')),
      fileSystem,
      mountPoint,
      ...(mountOptions !== undefined && { mountOptions }),
      label,
      uuid: uuidFrom(this.#seed, name),
      isEfi,
    };
  }

  #fileSystem(partition: Partition, path: TemplatePath): ReturnType<typeof fileSystemCalled> {
    if (isExtended(partition) || isUnformatted(partition)) return undefined;
    if (isLvm(partition)) {
      this.#problem([...path, 'fstype'], noLvm);
      return undefined;
    }
    const { fstype = '' } = partition;
    const found = fileSystemCalled(fstype);
    if (found === undefined) {
      const made = fstypesWhere(() => true, 'and');
      const says = `“${fstype}” can't be filled without mounting it; the local forge makes ${made}`;
      this.#problem([...path, 'fstype'], says);
    }
    return found;
  }

  #checkSize(found: ReturnType<typeof fileSystemCalled>, size: number, path: TemplatePath): void {
    if (found === undefined) return;
    const { name, most = Infinity, fileSystem } = found;
    const { least = 0 } = fileSystems[fileSystem];
    if (size < least) this.#problem([...path, 'size'], `${size} MB: ${name} needs ${least} MB or more`);
    if (size > most) this.#problem([...path, 'size'], `${size} MB: ${name} has ${most} MB at most`);
  }

  #checkLabel(fileSystem: FileSystem | undefined, label: string | undefined, path: TemplatePath): void {
    if (fileSystem === undefined || label === undefined) return;
    const longest = fileSystems[fileSystem].longestLabel;
    if (!/^[\w .+-]+$/.test(label) || label.length > longest) {
      this.#problem(
        [...path, 'label'],
        `“${label}”: ${longest} letters and digits at most for ${fileSystem}`,
      );
    }
  }

  #checkBoot(partitions: readonly PlannedPartition[], path: TemplatePath): void {
    const at = (mountPoint: string): PlannedPartition | undefined =>
      partitions.find((partition) => partition.mountPoint === mountPoint);
    const root = at('/');
    if (root === undefined) {
      this.#problem(path, 'has nothing that is mounted at “/”');
      return;
    }
    if (!canHaveLinks(root)) this.#problem([...root.path, 'fstype'], 'must be a Linux file system for “/”');
    const boot = at('/boot');
    if (boot !== undefined && !canHaveLinks(boot)) {
      const others = fstypesWhere(({ grubModule }) => grubModule !== undefined, 'or');
      this.#problem([...boot.path, 'fstype'], `must be ${others} for /boot: FAT has no links`);
    }
    if (!partitions.some(({ isEfi }) => isEfi)) {
      this.#warnings.push({
        path,
        says: 'has no FAT partition at /boot/efi: the image boots on BIOS machines only',
      });
    }
  }

  #check(
    value: string | undefined,
    problemOf: (value: string) => Sentence | undefined,
    path: TemplatePath,
  ): void {
    const problem = value === undefined ? undefined : problemOf(value);
    if (problem !== undefined) this.#problem(path, String(problem));
  }

  #problem(path: TemplatePath, says: string): void {
    this.#problems.push({ path, says });
  }
}

const noLvm =
  'asks for LVM, which the local forge does not build: only the device mapper, as root, makes volume groups';

function isUnformatted({ fstype }: Partition): boolean {
  return /^(unformatt?ed|reserved)$/i.test(fstype ?? '');
}

/** What is not to be formatted, or is refused anyway, is no reason to speak of links. */
function canHaveLinks({ fileSystem }: PlannedPartition): boolean {
  return fileSystem === undefined || fileSystems[fileSystem].grubModule !== undefined;
}

/** All partitions that are mounted, parents before what is mounted inside them. */
export function mountedPartitions(disks: readonly PlannedDisk[]): PlannedPartition[] {
  return disks
    .flatMap(({ partitions }) => partitions)
    .filter(({ mountPoint }) => mountPoint !== undefined)
    .toSorted((a, b) => depth(a) - depth(b));
}

function depth({ mountPoint = '' }: PlannedPartition): number {
  return mountPoint.split('/').filter((part) => part !== '').length;
}

/** Where kernel and menu are: the partition at /boot, else the root's. */
export function bootPartitionOf(disks: readonly PlannedDisk[]): PlannedPartition | undefined {
  const mounted = mountedPartitions(disks);
  return mounted.find(({ mountPoint }) => mountPoint === '/boot') ?? rootPartitionOf(disks);
}

export function rootPartitionOf(disks: readonly PlannedDisk[]): PlannedPartition | undefined {
  return mountedPartitions(disks).find(({ mountPoint }) => mountPoint === '/');
}

import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { fromMegabytes, megabytesOf } from '../../../uforge/units.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import {
  changed,
  changedText,
  compact,
  idOfName,
  readMegabytes,
  refuseOthers,
  valueOf,
  type Problems,
} from './lens.ts';
import { partitionOf, readPartitions } from './partitions.ts';
import { groupOf, readGroup, readVolume, volumeOf, idOfVolume, idOfVolumeGroup } from './volumes.ts';

export type Partitioning = TemplateObject<'Partitioning'>;
export type TemplateDisk = TemplateObject<'Disk'>;
export type PartitionTable = Dto<'PartitionTable'>;
export type Disk = Dto<'Disk'>;

/** `sda` is 1, `sdb` 2 …; other names have some larger number. */
export function idOfDisk({ name }: { readonly name: string }): number {
  const letter = /^sd([a-z])$/.exec(name)?.[1];
  return letter === undefined ? 100 + idOfName('disk', name) : letter.charCodeAt(0) - 96;
}

export function partitionTableOf(partitioning: Partitioning, uris: InstallUris): PartitionTable {
  const { disks = [], volumeGroups = [], logicalVolumes = [] } = partitioning;
  return {
    dbId: uris.id,
    disks: disks.map((disk) => diskOf(disk, uris)),
    disksUri: uris.disks,
    diskUris: disks.map((disk) => uris.disk(idOfDisk(disk))),
    parentUri: uris.profile,
    logicalGroups: volumeGroups.map((group) => groupOf(group, partitioning, uris)),
    logicalGroupsUri: uris.volumeGroups,
    logicalGroupUris: volumeGroups.map((group) => uris.volumeGroup(idOfVolumeGroup(group))),
    logicalVolumes: logicalVolumes.map((volume) => volumeOf(volume, uris)),
    logicalVolumesUri: uris.volumes,
    logicalVolumeUris: logicalVolumes.map((volume) => uris.volume(idOfVolume(volume))),
    uri: uris.table,
  };
}

export function readPartitionTable(
  dto: PartitionTable,
  kept: Partitioning = {},
  path: string,
  problems: Problems,
): Partitioning | undefined {
  refuseOthers(dto, path, ['disks', 'logicalGroups', 'logicalVolumes'], problems);
  const disks = readAll(dto.disks, kept.disks, (each, index) => {
    const before = kept.disks?.find(({ name }) => name === each.name);
    return readDisk(each, before, `${path}/disks[${index}]`, problems);
  });
  const withDisks = compact<Partitioning>({ ...kept, disks });
  const volumeGroups = readAll(dto.logicalGroups, kept.volumeGroups, (each, index) => {
    const before = kept.volumeGroups?.find(({ name }) => name === (each.groupName ?? each.name));
    return readGroup(each, before, withDisks, `${path}/logicalGroups[${index}]`, problems);
  });
  const withGroups = compact<Partitioning>({ ...withDisks, volumeGroups });
  const logicalVolumes = readAll(dto.logicalVolumes, kept.logicalVolumes, (each, index) => {
    const before = kept.logicalVolumes?.find(({ name }) => name === each.name);
    return readVolume(each, before, withGroups, `${path}/logicalVolumes[${index}]`, problems);
  });
  const partitioning = compact<Partitioning>({ ...withGroups, logicalVolumes });
  return Object.keys(partitioning).length === 0 ? undefined : partitioning;
}

export function diskOf(disk: TemplateDisk, uris: InstallUris): Disk {
  const id = idOfDisk(disk);
  const partitions = disk.partitions ?? [];
  return compact<Disk>({
    dbId: id,
    name: valueOf(names, disk.name),
    partitions: partitions.map((partition) => partitionOf(partition, disk.name, uris.partitions(id))),
    partitionsUri: uris.partitions(id),
    partitionTableUri: uris.table,
    partitionType: disk.type && partitionTypes[disk.type],
    partitionUris: partitions.map(({ number }) => `${uris.partitions(id)}/${number}`),
    size: fromMegabytes('Disk', 'size', disk.size),
    uri: uris.disk(id),
  });
}

/** A disk without a size is as large as its partitions. */
export function readDisk(
  dto: Disk,
  kept: TemplateDisk | undefined,
  path: string,
  problems: Problems,
): TemplateDisk | undefined {
  refuseOthers(dto, path, ['name', 'partitions', 'partitionType', 'size'], problems);
  const name = changedText(dto.name, kept?.name);
  if (
    name === undefined ||
    (dto.name !== undefined && name !== kept?.name && valueOf(names, name) !== name)
  ) {
    problems.push(
      name === undefined
        ? `${path}/name is missing`
        : `${path}/name: “${name}” is none of ${names.join(', ')}`,
    );
    return undefined;
  }
  const partitions =
    dto.partitions === undefined
      ? kept?.partitions
      : readPartitions(dto.partitions, kept?.partitions ?? [], {
          diskName: name,
          path: `${path}/partitions`,
          problems,
        });
  const toMegabytes = (size: number | bigint): number => megabytesOf('Disk', 'size', size);
  const asked =
    dto.size === undefined ? kept?.size : readMegabytes(dto.size, toMegabytes, `${path}/size`, problems);
  const sum = (partitions ?? []).reduce((total, each) => total + each.size, 0);
  const size = asked ?? (dto.size === undefined && sum > 0 ? sum : undefined);
  if (size === undefined) {
    if (dto.size === undefined) problems.push(`${path}/size is missing`);
    return undefined;
  }
  return compact<TemplateDisk>({
    ...kept,
    name,
    type: changed(dto.partitionType, kept?.type, kept?.type && partitionTypes[kept.type], (text) => {
      const type = valueOf(['msdos', 'LVM'] as const, text);
      if (type === undefined) problems.push(`${path}/partitionType: “${text}” is none of MSDOS, LVM`);
      return type;
    }),
    size,
    partitions: partitions?.length === 0 ? undefined : partitions,
  });
}

const partitionTypes = { msdos: 'MSDOS', LVM: 'LVM' } as const;
const names = ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'] as const;

function readAll<D, T>(
  asked: readonly D[] | undefined,
  kept: readonly T[] | undefined,
  read: (dto: D, index: number) => T | undefined,
): readonly T[] | undefined {
  if (asked === undefined) return kept;
  const items = asked.map(read).filter((item) => item !== undefined);
  return items.length === 0 ? undefined : items;
}

import type { Dto } from '../../../uforge/dto.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import { diskOf, idOfDisk, readDisk } from './disks.ts';
import { compact, refuseOthers, type Problems } from './dtoFields.ts';
import type { Partitioning } from './partitions.ts';
import { groupOf, readGroup, readVolume, volumeOf, idOfVolume, idOfVolumeGroup } from './volumes.ts';

export type PartitionTable = Dto<'PartitionTable'>;

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

function readAll<D, T>(
  asked: readonly D[] | undefined,
  kept: readonly T[] | undefined,
  read: (dto: D, index: number) => T | undefined,
): readonly T[] | undefined {
  if (asked === undefined) return kept;
  const items = asked.map(read).filter((item) => item !== undefined);
  return items.length === 0 ? undefined : items;
}

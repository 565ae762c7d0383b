import type { Dto } from '../../../uforge/dto.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import { diskOf, idOfDisk, readDisk } from './disks.ts';
import { changedList, compact, named, refuseOthers, type Problems } from './dtoFields.ts';
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
  };
}

export function readPartitionTable(
  dto: PartitionTable,
  kept: Partitioning = {},
  path: string,
  problems: Problems,
): Partitioning | undefined {
  refuseOthers(dto, path, ['disks', 'logicalGroups', 'logicalVolumes'], problems);
  const disks = changedList(dto.disks, kept.disks, (each, index) => {
    return readDisk(each, named(kept.disks, each), `${path}/disks[${index}]`, problems);
  });
  const withDisks = compact<Partitioning>({ ...kept, disks });
  const volumeGroups = changedList(dto.logicalGroups, kept.volumeGroups, (each, index) => {
    const before = named(kept.volumeGroups, { name: each.groupName ?? each.name });
    return readGroup(each, before, withDisks, `${path}/logicalGroups[${index}]`, problems);
  });
  const withGroups = compact<Partitioning>({ ...withDisks, volumeGroups });
  const logicalVolumes = changedList(dto.logicalVolumes, kept.logicalVolumes, (each, index) => {
    const before = named(kept.logicalVolumes, each);
    return readVolume(each, before, withGroups, `${path}/logicalVolumes[${index}]`, problems);
  });
  const partitioning = compact<Partitioning>({ ...withGroups, logicalVolumes });
  return Object.keys(partitioning).length === 0 ? undefined : partitioning;
}

import type { Template } from '../../../appliance/template/model/template.ts';
import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import { diskOf, idOfDisk, readDisk, type Disk, type TemplateDisk } from '../../appliances/parts/disks.ts';
import {
  isExtended,
  nextNumber,
  numberOf,
  partitionOf,
  readPartition,
  type Partition,
  type TemplatePartition,
} from '../../appliances/parts/partitions.ts';
import { withPartitioning } from '../../appliances/parts/stack.ts';
import {
  groupOf,
  idOfVolume,
  idOfVolumeGroup,
  readGroup,
  readVolume,
  volumeOf,
  type LogicalGroup,
  type LogicalVolume,
  type TemplateVolume,
  type VolumeGroup,
} from '../../appliances/parts/volumes.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import { create, find, get, getAll, remove, removeAll, update, type Kept, type PartKind } from './parts.ts';
import type { Call, Routes } from './route.ts';

const disks: PartKind<TemplateDisk, Disk> = {
  noun: sentence`Disk`,
  param: 'did',
  idOf: idOfDisk,
  list: (template) => tableOf(template).disks ?? [],
  replace: (template, items) => withPartitioning(template, { disks: items }),
  present: ({ item }, { uris }) => diskOf(item, uris),
  read: (disk, kept, { problems }) => readDisk(disk, kept?.item, 'disk', problems),
};

const partitions: PartKind<TemplatePartition, Partition> = {
  noun: sentence`Partition`,
  param: 'pid',
  idOf: ({ number }) => number,
  list: (template, call) => diskAt(template, call).item.partitions ?? [],
  replace: (template, items, call) => {
    const { item, index } = diskAt(template, call);
    const disk = withList(item, items);
    return withPartitioning(template, { disks: disks.list(template, call).with(index, disk) });
  },
  present: ({ item }, { template, call, uris }) => {
    const { item: disk } = diskAt(template, call);
    return partitionOf(item, disk.name, uris.partitions(idOfDisk(disk)));
  },
  read: (partition, kept, { items, template, call, problems }) => {
    const diskName = diskAt(template, call).item.name;
    const number = numberFor(partition, kept, items, diskName, false);
    return readPartition(partition, kept?.item, number, { diskName, path: 'partition', problems });
  },
};

const logicalPartitions: PartKind<TemplatePartition, Partition> = {
  noun: sentence`Logical partition`,
  param: 'lpid',
  idOf: ({ number }) => number,
  list: (template, call) => extendedAt(template, call).item.partitions ?? [],
  replace: (template, items, call) => {
    const { item, index } = extendedAt(template, call);
    const outer = withList(item, items);
    return partitions.replace(template, partitions.list(template, call).with(index, outer), call);
  },
  present: ({ item }, { template, call, uris }) => {
    const { item: disk } = diskAt(template, call);
    const { item: outer } = extendedAt(template, call);
    const list = `${uris.partitions(idOfDisk(disk))}/${outer.number}/lpartitions`;
    return partitionOf(item, disk.name, list);
  },
  read: (partition, kept, { items, template, call, problems }) => {
    if (!isExtended(extendedAt(template, call).item)) {
      throw new Refusal(
        'ERROR.APPLIANCE.DEFINITION',
        sentence`Only a partition that is Extended has logical partitions.`,
      );
    }
    const diskName = diskAt(template, call).item.name;
    const number = numberFor(partition, kept, items, diskName, true);
    const context = { diskName, path: 'partition', problems, logical: true };
    return readPartition(partition, kept?.item, number, context);
  },
};

const volumeGroups: PartKind<VolumeGroup, LogicalGroup> = {
  noun: sentence`Logical group`,
  param: 'gid',
  idOf: idOfVolumeGroup,
  list: (template) => tableOf(template).volumeGroups ?? [],
  replace: (template, items) => withPartitioning(template, { volumeGroups: items }),
  present: ({ item }, { template, uris }) => groupOf(item, tableOf(template), uris),
  read: (group, kept, { template, problems }) =>
    readGroup(group, kept?.item, tableOf(template), 'logicalGroup', problems),
};

const volumes: PartKind<TemplateVolume, LogicalVolume> = {
  noun: sentence`Logical volume`,
  param: 'vid',
  idOf: idOfVolume,
  list: (template) => tableOf(template).logicalVolumes ?? [],
  replace: (template, items) => withPartitioning(template, { logicalVolumes: items }),
  present: ({ item }, { uris }) => volumeOf(item, uris),
  read: (volume, kept, { template, problems }) =>
    readVolume(volume, kept?.item, tableOf(template), 'logicalVolume', problems),
};

/** An appliance's partition table: disks with partitions, volume groups, logical volumes. */
export const partitionTableRoutes: Routes = {
  partitionTableDisk_getAll: getAll(disks, 'disks'),
  partitionTableDisk_create: create(disks, 'disk'),
  partitionTableDisk_get: get(disks, 'disk'),
  partitionTableDisk_update: update(disks, 'disk'),
  partitionTableDisk_delete: remove(disks),
  partitionTableDisk_deleteAll: removeAll(disks),

  partitionTableDiskPartition_getAll: getAll(partitions, 'partitions'),
  partitionTableDiskPartition_create: create(partitions, 'partition'),
  partitionTableDiskPartition_get: get(partitions, 'partition'),
  partitionTableDiskPartition_update: update(partitions, 'partition'),
  partitionTableDiskPartition_delete: remove(partitions),
  partitionTableDiskPartition_deleteAll: removeAll(partitions),

  partitionTableDiskLogicalPartition_getAll: getAll(logicalPartitions, 'partitions'),
  partitionTableDiskLogicalPartition_create: create(logicalPartitions, 'partition'),
  partitionTableDiskLogicalPartition_get: get(logicalPartitions, 'partition'),
  partitionTableDiskLogicalPartition_update: update(logicalPartitions, 'partition'),
  partitionTableDiskLogicalPartition_delete: remove(logicalPartitions),
  partitionTableDiskLogicalPartition_deleteAll: removeAll(logicalPartitions),

  partitionTableLogicalGroup_getAll: getAll(volumeGroups, 'logicalGroups'),
  partitionTableLogicalGroup_create: create(volumeGroups, 'logicalGroup'),
  partitionTableLogicalGroup_get: get(volumeGroups, 'logicalGroup'),
  partitionTableLogicalGroup_update: update(volumeGroups, 'logicalGroup'),
  partitionTableLogicalGroup_delete: remove(volumeGroups),
  partitionTableLogicalGroup_deleteAll: removeAll(volumeGroups),

  partitionTableLogicalVolume_getAll: getAll(volumes, 'logicalVolumes'),
  partitionTableLogicalVolume_create: create(volumes, 'logicalVolume'),
  partitionTableLogicalVolume_get: get(volumes, 'logicalVolume'),
  partitionTableLogicalVolume_update: update(volumes, 'logicalVolume'),
  partitionTableLogicalVolume_delete: remove(volumes),
  partitionTableLogicalVolume_deleteAll: removeAll(volumes),
};

function tableOf({ stack }: Template): TemplateObject<'Partitioning'> {
  return stack.installation?.partitioning ?? {};
}

function diskAt(template: Template, call: Call): Kept<TemplateDisk> {
  return find(disks, disks.list(template, call), call);
}

function extendedAt(template: Template, call: Call): Kept<TemplatePartition> {
  return find(partitions, partitions.list(template, call), call);
}

function numberFor(
  dto: Partition,
  kept: Kept<TemplatePartition> | undefined,
  items: readonly TemplatePartition[],
  diskName: string,
  logical: boolean,
): number {
  if (kept !== undefined) return kept.item.number;
  return numberOf(dto, diskName) ?? nextNumber(new Set(items.map(({ number }) => number)), logical);
}

function withList<T extends { readonly partitions?: readonly TemplatePartition[] }>(
  outer: T,
  items: readonly TemplatePartition[],
): T {
  const inner = items.length === 0 ? undefined : items;
  return Object.fromEntries(
    Object.entries({ ...outer, partitions: inner }).filter(([, value]) => value !== undefined),
  ) as T;
}

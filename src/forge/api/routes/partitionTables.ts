import type { Template } from '../../../appliance/template/model/template.ts';
import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import { automaticPartitioning } from '../../appliances/parts/automaticDisks.ts';
import { diskOf, idOfDisk, readDisk, type Disk, type TemplateDisk } from '../../appliances/parts/disks.ts';
import { compact, unlessEmpty } from '../../appliances/parts/dtoFields.ts';
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
import { find, partRoutes, type Kept, type PartKind } from './parts.ts';
import type { Call, Routes } from './route.ts';

const disks: PartKind<TemplateDisk, Disk> = {
  operations: 'partitionTableDisk',
  noun: sentence`Disk`,
  param: 'did',
  idOf: idOfDisk,
  isAutomatic: ({ stack }) => stack.installation?.partitioning === undefined,
  list: ({ stack: { installation = {} } }) =>
    (installation.partitioning ?? automaticPartitioning(installation)).disks ?? [],
  replace: (template, items) => withPartitioning(template, { disks: items }),
  present: ({ item }, { uris }) => diskOf(item, uris),
  read: (disk, kept, { problems }) => readDisk(disk, kept?.item, 'disk', problems),
};

const partitions: PartKind<TemplatePartition, Partition> = {
  operations: 'partitionTableDiskPartition',
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
  operations: 'partitionTableDiskLogicalPartition',
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
  operations: 'partitionTableLogicalGroup',
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
  operations: 'partitionTableLogicalVolume',
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
  ...partRoutes(disks),
  ...partRoutes(partitions),
  ...partRoutes(logicalPartitions),
  ...partRoutes(volumeGroups),
  ...partRoutes(volumes),
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
  return compact<T>({ ...outer, partitions: unlessEmpty(items) });
}

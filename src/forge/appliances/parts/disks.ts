import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { fromMegabytes, megabytesOf } from '../../../uforge/units.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedText,
  compact,
  idOfName,
  readMegabytes,
  refuseOthers,
  unlessEmpty,
  valueOf,
  type Problems,
} from './dtoFields.ts';
import { partitionOf, readPartitions } from './partitions.ts';

export type TemplateDisk = TemplateObject<'Disk'>;
export type Disk = Dto<'Disk'>;

/** `sda` is 1, `sdb` 2 …; other names have some larger number. */
export function idOfDisk({ name }: { readonly name: string }): number {
  const letter = /^sd([a-z])$/.exec(name)?.[1];
  return letter === undefined ? 100 + idOfName('disk', name) : letter.charCodeAt(0) - 96;
}

export function diskOf(disk: TemplateDisk, uris: InstallUris): Disk {
  const id = idOfDisk(disk);
  const partitions = disk.partitions ?? [];
  return compact<Disk>({
    dbId: id,
    name: valueOf(names, disk.name),
    partitions: partitions.map((partition) => partitionOf(partition, disk.name, uris.partitions(id))),
    partitionsUri: uris.partitions(id),
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
        ? sentence`${path}/name is missing`
        : sentence`${path}/name: “${name}” is none of ${names.join(', ')}`,
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
    if (dto.size === undefined) problems.push(sentence`${path}/size is missing`);
    return undefined;
  }
  return compact<TemplateDisk>({
    ...kept,
    name,
    type: changed(dto.partitionType, kept?.type, kept?.type && partitionTypes[kept.type], (text) => {
      const type = valueOf(['msdos', 'LVM'] as const, text);
      if (type === undefined) problems.push(sentence`${path}/partitionType: “${text}” is none of MSDOS, LVM`);
      return type;
    }),
    size,
    partitions: unlessEmpty(partitions),
  });
}

/** The schema has no word for GPT: a disk has it by its template only. */
const partitionTypes = { msdos: 'MSDOS', LVM: 'LVM', gpt: undefined } as const;
const names = ['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'] as const;

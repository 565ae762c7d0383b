import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { listedValues } from '../../../uforge/schema/table.ts';
import { fromMegabytes, megabytesOf } from '../../../uforge/units.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import {
  changed,
  changedText,
  compact,
  readMegabytes,
  refuseOthers,
  unlessEmpty,
  valueOf,
  type Problems,
} from './dtoFields.ts';

export type Partitioning = TemplateObject<'Partitioning'>;
export type TemplatePartition = TemplateObject<'Partition'>;
export type Partition = Dto<'Partition'>;

/** Logical partitions are counted from here, whatever primary ones there are. */
const firstLogical = 5;

/** What a partition and a logical volume have in common. */
interface Area {
  readonly fstype?: string;
  readonly size: number;
  readonly mountPoint?: string;
  readonly grow?: boolean;
  readonly label?: string;
}

/** Of a partition, MB. */
const leastSize = 64;

const areaFields = ['fstype', 'growable', 'label', 'mpoint', 'size'];

export function areaOf({ fstype, size, mountPoint, grow, label }: Area): Partition {
  return compact<Partition>({
    fstype: fstypeOf(fstype),
    growable: grow,
    label,
    mpoint: mountPoint,
    size: fromMegabytes('Partition', 'size', size),
  });
}

export function readArea(
  dto: Partition,
  kept: Area | undefined,
  path: string,
  problems: Problems,
): Area | undefined {
  const toMegabytes = (size: number | bigint): number => megabytesOf('Partition', 'size', size);
  const size =
    dto.size === undefined
      ? (kept?.size ?? leastSize)
      : readMegabytes(dto.size, toMegabytes, `${path}/size`, problems);
  if (size === undefined) return undefined;
  return compact<Area>({
    fstype: changed(dto.fstype, kept?.fstype, fstypeOf(kept?.fstype), (text) => {
      const known = fstypeOf(text);
      if (known === undefined)
        problems.push(sentence`${path}/fstype: “${text}” is none of ${fstypes.join(', ')}`);
      return known;
    }),
    size,
    mountPoint: changedText(dto.mpoint, kept?.mountPoint),
    // Without a size it takes what is left.
    grow: dto.growable ?? (kept === undefined && dto.size === undefined ? true : kept?.grow),
    label: changedText(dto.label, kept?.label),
  });
}

/** @param uri of the partition, or of the list it is in when that is all there is */
export function partitionOf(partition: TemplatePartition, diskName: string, listUri: string): Partition {
  const uri = `${listUri}/${partition.number}`;
  const inner = partition.partitions ?? [];
  return compact<Partition>({
    dbId: partition.number,
    ...areaOf(partition),
    name: partition.name ?? `${diskName}${partition.number}`,
    uri,
    logicalPartitions: inner.map((each) => partitionOf(each, diskName, `${uri}/lpartitions`)),
    logicalPartitionUris: inner.map(({ number }) => `${uri}/lpartitions/${number}`),
    logicalPartitionsUri: isExtended(partition) ? `${uri}/lpartitions` : undefined,
  });
}

export function isExtended({ fstype }: { readonly fstype?: string }): boolean {
  return fstype?.toLowerCase() === 'extended';
}

/**
 * Reads a list of partitions. A partition is known by its number: from its URI, from a name such as `3` or
 * `sda3`, else the next free one.
 */
export function readPartitions(
  dtos: readonly Partition[],
  kept: readonly TemplatePartition[],
  { diskName, path, problems, logical = false }: PartitionContext,
): readonly TemplatePartition[] {
  const numbers = dtos.map((dto) => numberOf(dto, diskName));
  const taken = new Set(numbers.filter((number) => number !== undefined));
  return dtos.flatMap((dto, index): TemplatePartition[] => {
    const number = numbers[index] ?? nextNumber(taken, logical);
    taken.add(number);
    const before = kept.find((each) => each.number === number);
    const read = readPartition(dto, before, number, {
      diskName,
      path: `${path}[${index}]`,
      problems,
      logical,
    });
    return read === undefined ? [] : [read];
  });
}

export interface PartitionContext {
  readonly diskName: string;
  readonly path: string;
  readonly problems: Problems;
  readonly logical?: boolean;
}

export function readPartition(
  dto: Partition,
  kept: TemplatePartition | undefined,
  number: number,
  { diskName, path, problems, logical = false }: PartitionContext,
): TemplatePartition | undefined {
  refuseOthers(dto, path, [...areaFields, 'name', 'logicalPartitions'], problems);
  const area = readArea(dto, kept, path, problems);
  if (area === undefined) return undefined;
  const inner = dto.logicalPartitions;
  if (inner !== undefined && inner.length > 0 && (logical || !isExtended(area))) {
    problems.push(sentence`${path}/logicalPartitions: only a partition that is Extended has logical ones`);
  }
  const isNumber = dto.name !== undefined && numberOf({ name: dto.name }, diskName) === number;
  const partitions =
    inner === undefined
      ? kept?.partitions
      : readPartitions(inner, kept?.partitions ?? [], {
          diskName,
          path: `${path}/logicalPartitions`,
          problems,
          logical: true,
        });
  return compact<TemplatePartition>({
    ...kept,
    ...removed(kept, area),
    ...area,
    number,
    name: isNumber ? kept?.name : changedText(dto.name, kept?.name),
    partitions: unlessEmpty(partitions),
  });
}

/** The next number nobody has. */
export function nextNumber(taken: ReadonlySet<number>, logical: boolean): number {
  let number = logical ? firstLogical : 1;
  while (taken.has(number)) number++;
  return number;
}

/** Undefined where the partition does not say. */
export function numberOf(dto: Partition, diskName: string): number | undefined {
  const inUri = /\/l?partitions\/(\d{1,3})$/.exec(dto.uri ?? '')?.[1];
  if (inUri !== undefined) return Number(inUri);
  const { name = '' } = dto;
  const digits = name.startsWith(diskName) ? name.slice(diskName.length) : name;
  return /^[1-9]\d{0,2}$/.test(digits) ? Number(digits) : undefined;
}

/** What the area had and has no more. */
export function removed(kept: Area | undefined, area: Area): Record<string, undefined> {
  const keys = ['fstype', 'mountPoint', 'grow', 'label'] as const;
  return Object.fromEntries(
    keys.filter((key) => kept?.[key] !== undefined && area[key] === undefined).map((key) => [key, undefined]),
  );
}

const fstypes = listedValues('Partition', 'fstype');

/** As the schema spells it: hammr's documentation has its own spellings. */
function fstypeOf(text: string | undefined): string | undefined {
  return valueOf(fstypes, text?.toLowerCase() === 'unformated' ? 'unformatted' : text);
}

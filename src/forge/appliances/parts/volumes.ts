import type { TemplateObject } from '../../../appliance/template/model/types.ts';
import type { Dto } from '../../../uforge/dto.ts';
import type { InstallUris } from '../../api/answers/installUris.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { changedText, compact, idOfName, refuseOthers, type Problems } from './dtoFields.ts';
import { idOfDisk } from './disks.ts';
import { areaOf, readArea, removed, type Partitioning, type TemplatePartition } from './partitions.ts';

export type VolumeGroup = TemplateObject<'VolumeGroup'>;
export type TemplateVolume = TemplateObject<'LogicalVolume'>;
export type LogicalGroup = Dto<'LogicalGroup'>;
export type LogicalVolume = Dto<'LogicalVolume'>;

export const idOfVolumeGroup = ({ name }: { readonly name: string }): number =>
  idOfName('volume group', name);
export const idOfVolume = ({ name }: { readonly name: string }): number => idOfName('volume', name);

/** A volume group as a `logicalGroup`: its physical volumes are disks and partitions of the table. */
export function groupOf(group: VolumeGroup, partitioning: Partitioning, uris: InstallUris): LogicalGroup {
  const places = namesOf(group).flatMap((name) => placeOf(name, partitioning, uris) ?? []);
  return compact<LogicalGroup>({
    dbId: idOfVolumeGroup(group),
    diskUris: places.filter(({ isDisk }) => isDisk).map(({ uri }) => uri),
    groupName: group.name,
    name: group.name,
    partitionUris: places.filter(({ isDisk }) => !isDisk).map(({ uri }) => uri),
    uri: uris.volumeGroup(idOfVolumeGroup(group)),
  });
}

export function readGroup(
  dto: LogicalGroup,
  kept: VolumeGroup | undefined,
  partitioning: Partitioning,
  path: string,
  problems: Problems,
): VolumeGroup | undefined {
  refuseOthers(dto, path, ['groupName', 'name'], problems);
  const name = changedText(dto.groupName ?? dto.name, kept?.name);
  if (name === undefined) {
    problems.push(sentence`${path}/groupName is missing`);
    return undefined;
  }
  const disks = dto.diskUris ?? (dto.diskUri === undefined ? undefined : [dto.diskUri]);
  const partitions = dto.partitionUris ?? (dto.partitionUri === undefined ? undefined : [dto.partitionUri]);
  if (disks === undefined && partitions === undefined) return { ...kept, name };
  const before = kept === undefined ? [] : namesOf(kept);
  const isDisk = (volume: string): boolean => (partitioning.disks ?? []).some((disk) => disk.name === volume);
  const read = (uris: readonly string[] | undefined, field: string, wantsDisk: boolean): readonly string[] =>
    uris === undefined
      ? before.filter((volume) => isDisk(volume) === wantsDisk)
      : uris.flatMap((uri) => nameAt(uri, partitioning, `${path}/${field}`, problems) ?? []);
  const volumes = [...read(disks, 'diskUris', true), ...read(partitions, 'partitionUris', false)];
  if (sameSet(volumes, before)) return { ...kept, name };
  return { ...kept, name, physicalVolumes: volumes.map((volume) => ({ name: volume })) };
}

export function volumeOf(volume: TemplateVolume, uris: InstallUris): LogicalVolume {
  const id = idOfVolume(volume);
  return {
    dbId: id,
    groupUri: uris.volumeGroup(idOfVolumeGroup({ name: volume.vg_name })),
    name: volume.name,
    uri: uris.volume(id),
    volumes: [{ ...areaOf(volume), name: volume.name }],
  };
}

/**
 * A logical volume of a template is one with a single `volume`, which says all but the name and the group.
 */
export function readVolume(
  dto: LogicalVolume,
  kept: TemplateVolume | undefined,
  partitioning: Partitioning,
  path: string,
  problems: Problems,
): TemplateVolume | undefined {
  refuseOthers(dto, path, ['name', 'volumes'], problems);
  const [first, ...others] = dto.volumes ?? [];
  if (others.length > 0)
    problems.push(sentence`${path}/volumes: give each volume as a logicalVolume of its own`);
  const name = changedText(dto.name ?? first?.name, kept?.name);
  const group = dto.groupUri === undefined ? kept?.vg_name : groupAt(dto.groupUri, partitioning);
  if (name === undefined) problems.push(sentence`${path}/name is missing`);
  if (group === undefined)
    problems.push(
      dto.groupUri === undefined
        ? sentence`${path}/groupUri is missing`
        : sentence`${path}/groupUri “${dto.groupUri}” is no logical group of this appliance`,
    );
  if (first !== undefined) {
    refuseOthers(
      first,
      `${path}/volumes[0]`,
      ['fstype', 'growable', 'label', 'mpoint', 'size', 'name'],
      problems,
    );
    if (first.name !== undefined && first.name !== (dto.name ?? first.name)) {
      problems.push(sentence`${path}/volumes[0]/name: a volume is called as its logicalVolume`);
    }
  }
  const area = readArea(first ?? {}, kept, `${path}/volumes[0]`, problems);
  if (name === undefined || group === undefined || area === undefined) return undefined;
  return compact<TemplateVolume>({ ...kept, ...removed(kept, area), ...area, name, vg_name: group });
}

function namesOf({ physicalVolumes = [] }: VolumeGroup): readonly string[] {
  return physicalVolumes.map(({ name }) => name);
}

interface Place {
  readonly name: string;
  readonly isDisk: boolean;
  /** Below the list of disks, as ids. */
  readonly path: string;
}

/** Every disk and partition a volume group may be made of. */
function placesOf({ disks = [] }: Partitioning): readonly Place[] {
  return disks.flatMap((disk) => {
    const at = String(idOfDisk(disk));
    const inner = (partitions: readonly TemplatePartition[], path: string, segment: string): Place[] =>
      partitions.flatMap(({ number, partitions: logical = [] }) => [
        { name: `${disk.name}${number}`, isDisk: false, path: `${path}/${segment}/${number}` },
        ...inner(logical, `${path}/${segment}/${number}`, 'lpartitions'),
      ]);
    return [{ name: disk.name, isDisk: true, path: at }, ...inner(disk.partitions ?? [], at, 'partitions')];
  });
}

function placeOf(name: string, partitioning: Partitioning, uris: InstallUris) {
  const place = placesOf(partitioning).find((each) => each.name === name);
  return place && { uri: `${uris.disks}/${place.path}`, isDisk: place.isDisk };
}

/** The name behind a URI; a bare name is taken for itself. */
function nameAt(
  uri: string,
  partitioning: Partitioning,
  path: string,
  problems: Problems,
): string | undefined {
  const below = /\/disks\/(\d[^?#]*)$/.exec(uri)?.[1];
  const found = placesOf(partitioning).find((place) => place.name === uri || place.path === below);
  if (found === undefined)
    problems.push(sentence`${path}: “${uri}” is no disk or partition of this appliance`);
  return found?.name;
}

function groupAt(uri: string, { volumeGroups = [] }: Partitioning): string | undefined {
  const id = /\/groups\/(\d+)$/.exec(uri)?.[1];
  return volumeGroups.find((group) => group.name === uri || String(idOfVolumeGroup(group)) === id)?.name;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return new Set(a).symmetricDifference(new Set(b)).size === 0;
}

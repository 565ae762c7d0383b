import { checkListed } from './closedList.ts';
import { checkValue, diskNameProblem, mountPointProblem, shortened } from './paths.ts';
import { duplicates, type RuleContext } from './ruleContext.ts';
import type { Disk, LogicalVolume, Partition, Partitioning } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence, type Part } from '../../../uforge/language/sentence.ts';

/** Smallest partition there can be, in MB. */
const smallestPartition = 64;
/** The last entry of a GPT is for GRUB on BIOS machines. */
const mostGpt = 127;

/** Rules of advanced partitioning. Source: hammr 3.8.13, templates-spec (stack-installation-partitioning*). */
export function checkPartitioning(partitioning: Partitioning, path: TemplatePath, rules: RuleContext): void {
  const disks = partitioning.disks ?? [];
  if (disks.length === 0) {
    rules.error(path, sentence`has no “disks”. Add one.`, 'missing-key', rules.additionAt(path, 'disks'));
  }
  duplicates(
    disks,
    (disk) => disk.name.toLowerCase(),
    (index, name) =>
      rules.error(
        [...path, 'disks', index, 'name'],
        sentence`“${name}” is used twice. Rename one.`,
        'duplicate',
      ),
  );
  disks.forEach((disk, index) => checkDisk(disk, [...path, 'disks', index], rules));
  checkVolumes(partitioning, path, rules);
  checkMountPoints(partitioning, path, rules);
}

function checkDisk(disk: Disk, path: TemplatePath, rules: RuleContext): void {
  if (diskNameProblem(disk.name) === undefined) oneOf(disk.name, [...path, 'name'], 'Disk', 'name', rules);
  else checkValue(disk.name, diskNameProblem, [...path, 'name'], rules);
  const partitions = disk.partitions ?? [];
  if (disk.type === 'LVM' && partitions.length > 0) {
    rules.error([...path, 'partitions'], sentence`a disk of type LVM has no partitions.`, 'exclusive');
  }
  if (disk.type === 'gpt') {
    partitions.forEach((partition, index) => {
      if (!isExtended(partition)) return;
      const says = sentence`is for disks of type msdos: with gpt all partitions are in one list.`;
      rules.error([...path, 'partitions', index, 'fstype'], says, 'exclusive');
    });
  } else if (partitions.length > 4) {
    const says = sentence`are ${partitions.length}, and a disk has four primary partitions at most. Make one “Extended” and put the others inside, or give the disk the type gpt.`;
    rules.error([...path, 'partitions'], says, 'too-many-partitions');
  }
  if (partitions.filter(isExtended).length > 1) {
    rules.error([...path, 'partitions'], sentence`has more than one “Extended”.`, 'too-many-partitions');
  }
  checkNumbers(disk, path, rules);
  checkGrowth(
    partitions,
    disk.size,
    [...path, 'partitions'],
    sentence`the ${disk.size} MB of ${disk.name}`,
    rules,
  );
  eachPartition(disk, path, (partition, at, isLogical) => checkPartition(partition, at, isLogical, rules));
}

function checkPartition(
  partition: Partition,
  path: TemplatePath,
  isLogical: boolean,
  rules: RuleContext,
): void {
  const { fstype } = partition;
  if (fstype === undefined) {
    rules.error(path, sentence`has no “fstype”. Add it.`, 'missing-key', rules.additionAt(path, 'fstype'));
  }
  oneOf(fstype, [...path, 'fstype'], 'Partition', 'fstype', rules);
  if (partition.size < smallestPartition && partition.grow !== true) {
    const says = sentence`is ${partition.size}: a partition has at least ${smallestPartition} MB.`;
    rules.error([...path, 'size'], says, 'bad-value');
  }
  const inside = partition.partitions ?? [];
  if (!isExtended(partition)) {
    if (inside.length > 0) {
      rules.error(
        [...path, 'partitions'],
        sentence`are for a partition with the fstype Extended only.`,
        'exclusive',
      );
    }
  } else if (isLogical) {
    rules.error(
      [...path, 'fstype'],
      sentence`an Extended partition can’t be inside another one.`,
      'exclusive',
    );
  } else {
    for (const key of ['mountPoint', 'label'] as const) {
      if (partition[key] === undefined) continue;
      rules.error([...path, key], sentence`can’t be given for an Extended partition.`, 'exclusive');
    }
    const size = partition.grow === true ? undefined : partition.size;
    checkGrowth(inside, size, [...path, 'partitions'], sentence`their Extended partition`, rules);
  }
  checkMountOptions(partition, path, rules);
  const isSwap = /^(linux-)?swap$/i.test(fstype ?? '');
  if ((isSwap || isLvm(partition)) && partition.mountPoint !== undefined) {
    rules.error([...path, 'mountPoint'], sentence`can’t be given for ${fstype ?? ''}.`, 'exclusive');
  }
}

/** A field of fstab(5). */
function checkMountOptions(
  { mountOptions, mountPoint }: Partition,
  path: TemplatePath,
  rules: RuleContext,
): void {
  if (mountOptions === undefined) return;
  const at = [...path, 'mountOptions'];
  if (!/^[\w.:=/@+%-]+(,[\w.:=/@+%-]+)*$/.test(mountOptions)) {
    const says = sentence`“${shortened(mountOptions)}” are no options. Write noatime,nodev.`;
    rules.error(at, says, 'bad-value');
  } else if (mountPoint === undefined) {
    rules.warn(at, sentence`is ignored: there is no “mountPoint”.`, 'ignored');
  }
}

function checkNumbers(disk: Disk, path: TemplatePath, rules: RuleContext): void {
  const seen = new Set<number>();
  eachPartition(disk, path, ({ number }, at, isLogical) => {
    const fits = isLogical ? number >= 5 : number >= 1 && number <= (disk.type === 'gpt' ? mostGpt : 4);
    if (!fits && disk.type === 'gpt') {
      rules.error([...at, 'number'], sentence`is ${number}: between 1 and ${mostGpt}.`, 'bad-value');
    } else if (!fits) {
      const says = isLogical
        ? sentence`is ${number}: logical partitions are numbered from 5.`
        : sentence`is ${number}: primary partitions have the numbers 1 to 4.`;
      rules.error([...at, 'number'], says, 'bad-value');
    } else if (seen.has(number)) {
      rules.error([...at, 'number'], sentence`${number} is used twice on ${disk.name}.`, 'duplicate');
    }
    seen.add(number);
  });
}

/** One may grow, and all have to fit. */
function checkGrowth(
  volumes: readonly { readonly size: number; readonly grow?: boolean }[],
  space: number | undefined,
  path: TemplatePath,
  into: Part,
  rules: RuleContext,
): void {
  if (volumes.filter(({ grow }) => grow === true).length > 1) {
    rules.error(path, sentence`can’t have more than one with “grow”.`, 'exclusive');
  }
  const total = volumes.reduce((sum, { size }) => sum + size, 0);
  if (space !== undefined && total > space) {
    rules.error(path, sentence`are ${total} MB together, more than ${into}.`, 'too-large');
  }
}

function checkVolumes(partitioning: Partitioning, path: TemplatePath, rules: RuleContext): void {
  const groups = partitioning.volumeGroups ?? [];
  const volumes = partitioning.logicalVolumes ?? [];
  const known = physicalVolumesOf(partitioning);
  const used = new Set<string>();
  groups.forEach((group, index) => {
    const at = [...path, 'volumeGroups', index];
    if ((group.physicalVolumes ?? []).length === 0)
      rules.error(at, sentence`has no “physicalVolumes”.`, 'missing-key');
    group.physicalVolumes?.forEach(({ name }, place) => {
      const where = [...at, 'physicalVolumes', place, 'name'];
      if (!known.has(name)) {
        const says = sentence`“${name}” is no partition with the fstype lvm2 and no disk of type LVM.${rules.didYouMean(name, known)}`;
        rules.error(where, says, 'bad-value');
      } else if (used.has(name)) rules.error(where, sentence`“${name}” is used twice.`, 'duplicate');
      used.add(name);
    });
    if (!volumes.some((volume) => volume.vg_name === group.name)) {
      rules.warn(at, sentence`has no logical volume.`, 'unused');
    }
  });
  for (const [list, key] of [
    [groups, 'volumeGroups'],
    [volumes, 'logicalVolumes'],
  ] as const) {
    duplicates<{ readonly name: string; readonly vg_name?: string }>(
      list,
      (each) => `${each.vg_name ?? ''} ${each.name}`,
      (index) =>
        rules.error([...path, key, index, 'name'], sentence`is used twice. Rename one.`, 'duplicate'),
    );
  }
  volumes.forEach((volume, index) => checkVolume(volume, groups, [...path, 'logicalVolumes', index], rules));
  groups.forEach((group) =>
    checkGrowth(
      volumes.filter((volume) => volume.vg_name === group.name),
      undefined,
      [...path, 'logicalVolumes'],
      group.name,
      rules,
    ),
  );
}

function checkVolume(
  volume: LogicalVolume,
  groups: readonly { readonly name: string }[],
  path: TemplatePath,
  rules: RuleContext,
): void {
  const names = groups.map(({ name }) => name);
  if (!names.includes(volume.vg_name)) {
    const says = sentence`“${volume.vg_name}” is no volume group.${rules.didYouMean(volume.vg_name, names)}`;
    rules.error([...path, 'vg_name'], says, 'bad-value');
  }
  if (!/^[A-Za-z0-9_+.][\w+.-]*$/.test(volume.name)) {
    rules.error([...path, 'name'], sentence`“${volume.name}” is no name of a volume.`, 'bad-value');
  }
  oneOf(volume.fstype, [...path, 'fstype'], 'Partition', 'fstype', rules);
}

/** The names LVM could be put onto: `sda5` for a partition, `sdb` for a whole disk. */
function physicalVolumesOf(partitioning: Partitioning): Set<string> {
  const names = new Set<string>();
  for (const disk of partitioning.disks ?? []) {
    if (disk.type === 'LVM') names.add(disk.name);
    eachPartition(disk, [], (partition) => {
      if (isLvm(partition)) names.add(`${disk.name}${partition.number}`);
    });
  }
  return names;
}

function checkMountPoints(partitioning: Partitioning, path: TemplatePath, rules: RuleContext): void {
  const seen = new Set<string>();
  const check = (mountPoint: string | undefined, at: TemplatePath): void => {
    if (mountPoint === undefined) return;
    const where = [...at, 'mountPoint'];
    if (mountPointProblem(mountPoint) !== undefined) checkValue(mountPoint, mountPointProblem, where, rules);
    else if (seen.has(mountPoint)) rules.error(where, sentence`“${mountPoint}” is used twice.`, 'duplicate');
    seen.add(mountPoint);
  };
  partitioning.disks?.forEach((disk, index) =>
    eachPartition(disk, [...path, 'disks', index], (partition, at) => check(partition.mountPoint, at)),
  );
  partitioning.logicalVolumes?.forEach((volume, index) =>
    check(volume.mountPoint, [...path, 'logicalVolumes', index]),
  );
  if (seen.size > 0 && !seen.has('/'))
    rules.warn(path, sentence`has nothing that is mounted at “/”.`, 'missing-root');
}

/** Primary ones first, each Extended one followed by its logical ones. */
function eachPartition(
  disk: Disk,
  path: TemplatePath,
  visit: (partition: Partition, path: TemplatePath, isLogical: boolean) => void,
): void {
  disk.partitions?.forEach((partition, index) => {
    const at = [...path, 'partitions', index];
    visit(partition, at, false);
    partition.partitions?.forEach((logical, place) => visit(logical, [...at, 'partitions', place], true));
  });
}

export function isExtended({ fstype }: Partition): boolean {
  return fstype?.toLowerCase() === 'extended';
}

export function isLvm({ fstype }: Partition): boolean {
  return /^lvm2?$/i.test(fstype ?? '');
}

/** The server's own list, and what the forge and hammr call some of it besides. */
function oneOf(
  value: string | undefined,
  path: TemplatePath,
  type: 'Partition' | 'Disk',
  field: string,
  rules: RuleContext,
): void {
  const isAlias = /^(vfat|swap|lvm|unformated)$/i.test(value ?? '');
  if (!isAlias) checkListed(value, path, [type, field], rules);
}

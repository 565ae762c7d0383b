import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { megabyte } from '../../uforge/units.ts';
import { fileSystems } from '../fileSystems/fileSystems.ts';
import { writeFileSystem } from '../fileSystems/writeFileSystem.ts';
import { earlyConfig } from '../disk/grub.ts';
import { grubCoresScript, makeGrubCores } from '../disk/grubCores.ts';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import { BuildError } from '../model.ts';
import {
  bootPartitionOf,
  mountedPartitions,
  type PlannedDisk,
  type PlannedPartition,
} from '../plan/disks.ts';
import type { Plan } from '../plan/plan.ts';
import { wipe } from '../sandbox/wipe.ts';
import { packagesIn, rootFolder, rootSize } from './unpackedRoot.ts';
import type { Stage, StageContext } from './stage.ts';
import type { BuildFacts } from './buildFacts.ts';

interface Places {
  /** The unpacked root. */
  readonly root: string;
  /** About how much that is; bytes. */
  readonly rootSize: number;
  /** Where the disks go. */
  readonly entry: string;
}

const sector = 512;

/** The fraction of the stage that is over when partitions and boot loaders are there. */
const begun = 0.1;

const partitionScript = `
truncate -s "$SIZE" "$DISK"
sfdisk --quiet --no-reread --no-tell-kernel "$DISK" < "$FOLDER/partitions"
`;

/**
 * core.img must fit between the table and the first partition. It is expected behind the first sector, where GPT has its
 * table: boot.img has the number of the sector at 0x5c, and core.img's first sector that of the second one at 0x1f4
 * (GRUB's boot.h and diskboot.h).
 */
const loaderScript = `
[ "$(stat -c %s "$CORE")" -le $(((2048 - SECTOR) * 512)) ]
dd if=/usr/lib/grub/i386-pc/boot.img of="$DISK" bs=440 count=1 conv=notrunc status=none
dd if="$CORE" of="$DISK" bs=512 seek="$SECTOR" conv=notrunc status=none
put() { printf "\\\\x$(printf %02x "$1")" | dd of="$DISK" bs=1 seek="$2" conv=notrunc status=none; }
put "$SECTOR" $((0x5c))
put $((SECTOR + 1)) $((SECTOR * 512 + 0x1f4))
`;

/** Moves what belongs to a file system of its own out of the root, and leaves an empty folder with the same rights. */
const splitScript = `
IFS=/ read -ra names <<< "\${MOUNT_POINT#/}"
at="$ROOT"
for name in "\${names[@]}"; do
  at="$at/$name"
  [ ! -L "$at" ] || {
    echo "E: $MOUNT_POINT can't be a file system of its own: \${at#"$ROOT"} is a link in the image." >&2
    exit 1
  }
  [ -d "$at" ] || mkdir "$at"
done
mv "$at" "$PART"
mkdir "$at"
chown --reference="$PART" "$at"
chmod --reference="$PART" "$at"
touch --no-dereference --reference="$PART" "$at"
`;

/** File system tables, journals and boot loaders; bytes. */
const overhead = 100 * megabyte;

/** The raw, sparse disks of the appliance, `disk1.raw`, `disk2.raw` …, made from the unpacked root. */
export function createdDisks(facts: BuildFacts, root: Stage): Stage {
  const { plan } = facts;
  const size = rootSize(facts);
  const isBeside = plan.disks.some(({ partitions }) =>
    partitions.some(({ fileSystem }) => fileSystem && fileSystems[fileSystem].writer.isBesideDisk),
  );
  return {
    name: 'disks',
    title: 'createDisk',
    inputs: [root],
    kept: { kind: 'disks', label: plan.hostname },
    options: {
      scripts: [partitionScript, loaderScript, splitScript, grubCoresScript],
      ...{ fileSystems, disks: plan.disks, epoch: plan.epoch },
    },
    room: () => size * (isBeside ? 2 : 1) + overhead,
    async run({ inputs: [from = ''], into, ...context }) {
      const folder = rootFolder(context.request.workDir);
      await copyFile(packagesIn(from), packagesIn(into));
      await createDisks({ root: folder, rootSize: size, entry: into }, plan, context);
      await wipe(folder);
    },
  };
}

/**
 * Makes the sparse disks in the folder `entry`: partition tables, GRUB for BIOS in front of the first disk's, GRUB for
 * UEFI in the partition for it, swap, and the root's files, which leave the folder `root` on the way.
 */
async function createDisks(places: Places, plan: Plan, context: StageContext): Promise<void> {
  const { request, sandbox, report } = context;
  const boot = bootPartitionOf(plan.disks);
  if (boot?.fileSystem === undefined) throw new BuildError('No partition is mounted at “/”.');
  const folder = join(request.workDir, 'loader');
  await mkdir(folder);
  try {
    report({ activity: 'partitions and boot loaders' });
    const env = { FOLDER: folder, SOURCE_DATE_EPOCH: String(plan.epoch) };
    for (const [index, disk] of plan.disks.entries()) {
      await writeFile(join(folder, 'partitions'), sfdiskScript(disk));
      await sandbox.run(partitionScript, {
        env: { ...env, DISK: diskFile(places.entry, index), SIZE: String(disk.size) },
        reads: [folder],
        writes: [places.entry],
      });
    }
    const { bios, efi } = await makeGrubCores({
      bios: 'i386-pc',
      modules: ['search_fs_uuid', fileSystems[boot.fileSystem].grubModule ?? ''],
      early: earlyConfig(boot),
      folder,
      sandbox,
    });
    await sandbox.run(loaderScript, {
      env: {
        ...env,
        DISK: diskFile(places.entry, 0),
        CORE: bios,
        SECTOR: String(plan.disks[0]?.table === 'gpt' ? behindGpt : 1),
      },
      reads: [folder],
      writes: [places.entry],
    });
    await fillPartitions(places, plan, { folder, efi, context });
    report({ fraction: 1, activity: 'writing the file systems' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The sector behind the table of a GPT disk. */
const behindGpt = 34;

/** GPT's types for MBR's; all others are Linux'. */
const gptTypes: Readonly<Record<string, string>> = {
  ef: 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B',
  82: '0657FD6D-A4AB-43C4-84E5-0933C84B4F4F',
  c: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
  e: 'EBD0A0A2-B9E5-4433-87C0-68B6B72699C7',
};
const gptLinux = '0FC63DAF-8483-4772-8E79-3D69D8477DE4';
const gptBios = '21686148-6449-6E6F-744E-656564454649';

/** A disk's partitions as sfdisk reads them. On GPT, GRUB for BIOS machines has one of its own before the others. */
export function sfdiskScript({ id, table, partitions }: PlannedDisk): string {
  if (table === 'gpt') {
    return [
      ...['label: gpt', `label-id: ${id}`, `first-lba: ${behindGpt}`],
      `128 : start=${behindGpt}, size=${2048 - behindGpt}, type=${gptBios}, uuid=${id}`,
      ...partitions.map(({ number, start, size, type, uuid }) => {
        const place = `start=${start / sector}, size=${size / sector}`;
        return `${number} : ${place}, type=${gptTypes[type] ?? gptLinux}, uuid=${uuid}`;
      }),
      '',
    ].join('\n');
  }
  return [
    'label: dos',
    `label-id: 0x${id.slice(0, 8)}`,
    ...partitions.map(({ number, start, size, type, mountPoint }) => {
      const bootable = mountPoint === '/' && number < 5 ? ', bootable' : '';
      return `${number} : start=${start / sector}, size=${size / sector}, type=${type}${bootable}`;
    }),
    '',
  ].join('\n');
}

function diskFile(entry: string, index: number): string {
  return join(entry, `disk${index + 1}.raw`);
}

/** What is mounted deepest is filled first, so that nothing is in two file systems. */
async function fillPartitions(
  places: Places,
  plan: Plan,
  { folder, efi, context }: { readonly folder: string; readonly efi: string; readonly context: StageContext },
): Promise<void> {
  const { request, sandbox, report } = context;
  const roots = new Map<string, string>();
  for (const [index, { name, mountPoint = '' }] of mountedPartitions(plan.disks).toReversed().entries()) {
    if (mountPoint === '/') {
      roots.set(name, places.root);
      continue;
    }
    const part = join(request.workDir, `part-${index}`);
    await sandbox.run(splitScript, {
      env: { ROOT: places.root, MOUNT_POINT: mountPoint, PART: part },
      writes: [request.workDir],
    });
    roots.set(name, part);
  }
  const all = plan.disks.flatMap((disk: PlannedDisk, index) =>
    disk.partitions.map((partition) => ({ partition, disk: diskFile(places.entry, index) })),
  );
  // Only the root's takes its time.
  const weightOf = ({ name }: PlannedPartition): number => (roots.get(name) === places.root ? 20 : 1);
  const total = all.reduce((sum, { partition }) => sum + weightOf(partition), 0);
  let done = 0;
  for (const [index, { partition, disk }] of all.entries()) {
    const weight = weightOf(partition);
    const activity = `writing the file system of ${partition.name}`;
    const from = done;
    const tell = (part: number): void =>
      report({ fraction: begun + ((1 - begun) * (from + weight * part)) / total, activity });
    tell(0);
    const scratch = join(folder, `partition${index}`);
    await mkdir(scratch);
    const write = (): Promise<void> =>
      writeFileSystem({
        ...{ partition, disk, efi, sandbox },
        root: roots.get(partition.name),
        epoch: plan.epoch,
        folder: scratch,
      });
    if (weight === 1) await write();
    else await whileGrowing(disk, places.rootSize, tell, write);
    done += weight;
  }
}

import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileSystem } from '../disk/fileSystems.ts';
import { earlyConfig, grubModule } from '../disk/grub.ts';
import { sfdiskScript } from '../disk/layout.ts';
import { BuildError } from '../model.ts';
import { bootPartitionOf, mountedPartitions, type PlannedDisk } from '../plan/disks.ts';
import type { StageContext } from './stage.ts';

/** A raw, sparse disk of the appliance. */
export interface Disk {
  readonly path: string;
  /** Bytes, holes included. */
  readonly size: number;
}

/** The disks of an entry in the cache, in their order: `disk1.raw`, `disk2.raw` … */
export async function disksOf(entry: string): Promise<Disk[]> {
  const names = (await readdir(entry)).filter((name) => /^disk\d+\.raw$/.test(name));
  const paths = names
    .toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((name) => join(entry, name));
  return await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
}

const partitionScript = `
truncate -s "$SIZE" "$DISK"
sfdisk --quiet --no-reread --no-tell-kernel "$DISK" < "$FOLDER/partitions"
`;

/** core.img must fit between the first sector and the first partition. */
const loaderScript = `
modules="normal configfile search search_fs_uuid part_msdos part_gpt $MODULE linux echo test serial terminal ls reboot halt"
grub-mkimage -O i386-pc -d /usr/lib/grub/i386-pc -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/core.img" biosdisk $modules
[ "$(stat -c %s "$FOLDER/core.img")" -le $((2047 * 512)) ]
dd if=/usr/lib/grub/i386-pc/boot.img of="$DISK" bs=440 count=1 conv=notrunc status=none
dd if="$FOLDER/core.img" of="$DISK" bs=512 seek=1 conv=notrunc status=none
grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/bootx64.efi" fat efi_gop all_video $modules
`;

/** Moves what belongs to a file system of its own out of the root, and leaves an empty folder with the same rights. */
const splitScript = `
[ -d "$ROOT$MOUNT_POINT" ] || mkdir -p "$ROOT$MOUNT_POINT"
mv "$ROOT$MOUNT_POINT" "$PART"
mkdir "$ROOT$MOUNT_POINT"
chown --reference="$PART" "$ROOT$MOUNT_POINT"
chmod --reference="$PART" "$ROOT$MOUNT_POINT"
touch --no-dereference --reference="$PART" "$ROOT$MOUNT_POINT"
`;

/**
 * Makes the sparse disks in the folder `entry`: partition tables, GRUB for BIOS in front of the first disk's, GRUB for
 * UEFI in the partition for it, swap, and the root's files, which leave the folder `root` on the way.
 */
export async function createDisk(
  places: { readonly root: string; readonly entry: string },
  context: StageContext,
): Promise<void> {
  const { plan, request, sandbox, report } = context;
  const boot = bootPartitionOf(plan.disks);
  if (boot === undefined) throw new BuildError('No partition is mounted at “/”.');
  const folder = join(request.workDir, 'loader');
  await mkdir(folder);
  try {
    report({ activity: 'partitions and boot loaders' });
    const env = { FOLDER: folder, SOURCE_DATE_EPOCH: String(plan.epoch) };
    for (const [index, disk] of plan.disks.entries()) {
      await writeFile(join(folder, 'partitions'), sfdiskScript(disk));
      await sandbox.run(partitionScript, {
        env: { ...env, DISK: diskFile(places.entry, index), SIZE: String(disk.size) },
      });
    }
    await writeFile(join(folder, 'early.cfg'), earlyConfig(boot));
    await sandbox.run(loaderScript, {
      env: { ...env, DISK: diskFile(places.entry, 0), MODULE: grubModule(boot.fileSystem) },
    });
    await fillPartitions(places, folder, context);
    report({ fraction: 1, activity: 'writing the file systems' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function diskFile(entry: string, index: number): string {
  return join(entry, `disk${index + 1}.raw`);
}

/** What is mounted deepest is filled first, so that nothing is in two file systems. */
async function fillPartitions(
  places: { readonly root: string; readonly entry: string },
  folder: string,
  { plan, request, sandbox, report }: StageContext,
): Promise<void> {
  const roots = new Map<string, string>();
  for (const { name, mountPoint = '' } of mountedPartitions(plan.disks).toReversed()) {
    if (mountPoint === '/') {
      roots.set(name, places.root);
      continue;
    }
    const part = join(request.workDir, `part-${name}`);
    await sandbox.run(splitScript, { env: { ROOT: places.root, MOUNT_POINT: mountPoint, PART: part } });
    roots.set(name, part);
  }
  const all = plan.disks.flatMap((disk: PlannedDisk, index) =>
    disk.partitions.map((partition) => ({ partition, disk: diskFile(places.entry, index) })),
  );
  for (const [index, { partition, disk }] of all.entries()) {
    report({
      fraction: 0.2 + (0.8 * index) / all.length,
      activity: `writing the file system of ${partition.name}`,
    });
    const scratch = join(folder, partition.name);
    await mkdir(scratch);
    await writeFileSystem({
      partition,
      disk,
      root: roots.get(partition.name),
      efi: join(folder, 'bootx64.efi'),
      epoch: plan.epoch,
      folder: scratch,
      sandbox,
    });
  }
}

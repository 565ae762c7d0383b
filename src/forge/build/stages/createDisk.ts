import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeExt4 } from '../disk/ext4.ts';
import { earlyConfig } from '../disk/grub.ts';
import { diskLayout, sfdiskScript } from '../disk/layout.ts';
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

/** core.img must fit between the first sector and the first partition. */
const script = `
truncate -s "$SIZE" "$DISK"
sfdisk --quiet --no-reread --no-tell-kernel "$DISK" < "$FOLDER/partitions"

modules='normal configfile search search_fs_uuid part_msdos part_gpt ext2 linux echo test serial terminal ls reboot halt'
grub-mkimage -O i386-pc -d /usr/lib/grub/i386-pc -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/core.img" biosdisk $modules
[ "$(stat -c %s "$FOLDER/core.img")" -le $((2047 * 512)) ]
dd if=/usr/lib/grub/i386-pc/boot.img of="$DISK" bs=440 count=1 conv=notrunc status=none
dd if="$FOLDER/core.img" of="$DISK" bs=512 seek=1 conv=notrunc status=none

grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/bootx64.efi" fat efi_gop all_video $modules
export MTOOLS_SKIP_CHECK=1
mformat -i "$DISK@@$BOOT_START" -F -v BOOT -N "$DISK_ID" -T $((BOOT_SIZE / 512)) -h 64 -s 32 ::
mmd -i "$DISK@@$BOOT_START" ::/EFI ::/EFI/BOOT
mcopy -i "$DISK@@$BOOT_START" "$FOLDER/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI

if [ "$SWAP_SIZE" -gt 0 ]; then
  truncate -s "$SWAP_SIZE" "$FOLDER/swap"
  mkswap --quiet -U "$SWAP_UUID" "$FOLDER/swap"
  dd if="$FOLDER/swap" of="$DISK" bs=4096 count=1 seek="$SWAP_START" oflag=seek_bytes conv=notrunc status=none
fi
`;

/**
 * Makes the sparse disk in the folder `entry`: partition table, GRUB for BIOS in front of it, GRUB for UEFI in the
 * boot partition, swap, and the root's files.
 */
export async function createDisk(
  places: { readonly root: string; readonly entry: string },
  { plan, request, sandbox, report }: StageContext,
): Promise<void> {
  const disk = join(places.entry, 'disk1.raw');
  const layout = diskLayout(plan);
  const folder = join(request.workDir, 'loader');
  await mkdir(folder);
  try {
    await writeFile(join(folder, 'partitions'), sfdiskScript(layout, plan.diskId));
    await writeFile(join(folder, 'early.cfg'), earlyConfig(plan.rootUuid));
    report({ activity: 'partitions and boot loaders' });
    await sandbox.run(script, {
      env: {
        DISK: disk,
        FOLDER: folder,
        SIZE: String(plan.diskSize),
        DISK_ID: plan.diskId,
        SOURCE_DATE_EPOCH: String(plan.epoch),
        BOOT_START: String(layout.boot.start),
        BOOT_SIZE: String(layout.boot.size),
        SWAP_START: String(layout.swap?.start ?? 0),
        SWAP_SIZE: String(layout.swap?.size ?? 0),
        SWAP_UUID: plan.swapUuid,
      },
    });
    report({ fraction: 0.2, activity: 'writing the file system' });
    const { root } = places;
    await writeExt4({
      root,
      disk,
      place: layout.root,
      uuid: plan.rootUuid,
      epoch: plan.epoch,
      folder,
      sandbox,
    });
    report({ fraction: 1, activity: 'writing the file system' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../plan.ts';
import type { Sandbox } from '../sandbox.ts';
import { liveParameters, type LiveFiles } from './live.ts';

export interface IsoRequest {
  readonly live: LiveFiles;
  readonly target: string;
  /** A new folder for what goes onto the medium. */
  readonly folder: string;
  readonly plan: Plan;
  readonly sandbox: Sandbox;
}

/**
 * GRUB twice, as El Torito image for BIOS and in a FAT image for UEFI; the latter is appended as a partition, and
 * GRUB's hybrid sector goes in front, so that the same file starts from a USB stick.
 */
const script = `
modules='normal configfile search search_fs_file part_msdos part_gpt iso9660 linux echo test serial terminal ls reboot halt'
grub-mkimage -O i386-pc-eltorito -d /usr/lib/grub/i386-pc -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/cd/boot/grub/eltorito.img" biosdisk $modules
grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -c "$FOLDER/early.cfg" -p /boot/grub \\
  -o "$FOLDER/bootx64.efi" fat efi_gop all_video $modules
truncate -s 4M "$FOLDER/efi.img"
touch --date="@$EPOCH" "$FOLDER/bootx64.efi"
export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH="$EPOCH"
mformat -i "$FOLDER/efi.img" -v EFI -N "$DISK_ID" -T 8192 -h 64 -s 32 ::
mmd -i "$FOLDER/efi.img" ::/EFI ::/EFI/BOOT
mcopy -m -i "$FOLDER/efi.img" "$FOLDER/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
find "$FOLDER/cd" -exec touch --date="@$EPOCH" {} +
xorriso -as mkisofs -quiet -r -J -V "$LABEL" -o "$TARGET" \\
  --modification-date="$(date --utc --date="@$EPOCH" +%Y%m%d%H%M%S00)" \\
  -b boot/grub/eltorito.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \\
  --grub2-mbr /usr/lib/grub/i386-pc/boot_hybrid.img \\
  -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot -append_partition 2 0xef "$FOLDER/efi.img" \\
  -partition_offset 16 -graft-points "$FOLDER/cd" "live=$LIVE" 2>&1
`;

/** Writes a live image: kernel, initial RAM disk and root in live/, where live-boot looks for them. */
export async function writeIso({ live, target, folder, plan, sandbox }: IsoRequest): Promise<void> {
  const grub = join(folder, 'cd/boot/grub');
  await mkdir(grub, { recursive: true });
  const marker = `/boot/grub/${plan.imageId}`;
  await writeFile(join(folder, 'cd', marker), '');
  await writeFile(join(grub, 'grub.cfg'), menu(plan));
  await writeFile(join(folder, 'early.cfg'), earlyConfig(marker));
  await sandbox.run(script, {
    env: {
      FOLDER: folder,
      LIVE: join(live.kernel, '..'),
      TARGET: target,
      EPOCH: String(plan.epoch),
      DISK_ID: plan.imageId.slice(0, 8),
      LABEL: plan.hostname
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '_')
        .slice(0, 32),
    },
  });
}

/** The marker is this image's own, whatever else is in the machine. */
function earlyConfig(marker: string): string {
  return `search --file --set=root ${marker}
set prefix=($root)/boot/grub
configfile ($root)/boot/grub/grub.cfg
`;
}

function menu(plan: Plan): string {
  return `# Written by Appliance Forge.
set default=0
set timeout=1
if serial --unit=0 --speed=115200; then
  terminal_input console serial
  terminal_output console serial
fi
menuentry "${plan.applianceName.replace(/["\\$`]/g, '')} (live)" {
  linux /live/vmlinuz ${liveParameters(plan)}
  initrd /live/initrd.img
}
`;
}

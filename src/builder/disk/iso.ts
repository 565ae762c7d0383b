import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Plan } from '../plan/plan.ts';
import { whileGrowing } from '../sandbox/whileGrowing.ts';
import { giveFolderToBuild } from '../sandbox/identity.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { usedBytes } from './usedBytes.ts';
import { grubMenu } from './grub.ts';
import { makeGrubCores } from './grubCores.ts';
import { liveParameters, type LiveFiles } from './live.ts';

export interface IsoRequest {
  readonly live: LiveFiles;
  readonly target: string;
  /** A new folder for what goes onto the medium. */
  readonly folder: string;
  readonly plan: Plan;
  readonly sandbox: Sandbox;
  readonly onProgress: (fraction: number) => void;
}

/**
 * GRUB twice, as El Torito image for BIOS and in a FAT image for UEFI; the latter is appended as a partition, and
 * GRUB's hybrid sector goes in front, so that the same file starts from a USB stick.
 */
const script = `
truncate -s 4M "$FOLDER/efi.img"
touch --date="@$EPOCH" "$EFI"
export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH="$EPOCH"
mformat -i "$FOLDER/efi.img" -v EFI -N "$DISK_ID" -T 8192 -h 64 -s 32 ::
mmd -i "$FOLDER/efi.img" ::/EFI ::/EFI/BOOT
mcopy -m -i "$FOLDER/efi.img" "$EFI" ::/EFI/BOOT/BOOTX64.EFI
find "$FOLDER/cd" -exec touch --date="@$EPOCH" {} +
xorriso -as mkisofs -quiet -r -J -V "$LABEL" -o "$TARGET" \\
  --modification-date="$(date --utc --date="@$EPOCH" +%Y%m%d%H%M%S00)" \\
  -b boot/grub/eltorito.img -no-emul-boot -boot-load-size 4 -boot-info-table --grub2-boot-info \\
  --grub2-mbr /usr/lib/grub/i386-pc/boot_hybrid.img \\
  -eltorito-alt-boot -e --interval:appended_partition_2:all:: -no-emul-boot -append_partition 2 0xef "$FOLDER/efi.img" \\
  -partition_offset 16 -graft-points "$FOLDER/cd" "live=$LIVE" 2>&1
`;

/** Writes a live image: kernel, initial RAM disk and root in live/, where live-boot looks for them. */
export async function writeIso({
  live: files,
  target,
  folder,
  plan,
  sandbox,
  onProgress,
}: IsoRequest): Promise<void> {
  const grub = join(folder, 'cd/boot/grub');
  await mkdir(grub, { recursive: true });
  const marker = `/boot/grub/${plan.imageId}`;
  await writeFile(join(folder, 'cd', marker), '');
  await writeFile(join(grub, 'grub.cfg'), liveMenu(plan));
  const { bios, efi } = await makeGrubCores({
    bios: 'i386-pc-eltorito',
    modules: ['search_fs_file', 'iso9660'],
    early: earlyConfig(marker),
    folder: join(folder, 'grub'),
    sandbox,
  });
  await copyFile(bios, join(grub, 'eltorito.img'));
  const live = join(files.kernel, '..');
  await giveFolderToBuild(folder);
  const run = (): Promise<string> =>
    sandbox.run(script, {
      writes: [folder, dirname(target)],
      reads: [live],
      env: {
        FOLDER: folder,
        LIVE: live,
        EFI: efi,
        TARGET: target,
        EPOCH: String(plan.epoch),
        DISK_ID: plan.imageId.slice(0, 8),
        LABEL: plan.hostname
          .toUpperCase()
          .replace(/[^A-Z0-9]/g, '_')
          .slice(0, 32),
      },
    });
  await whileGrowing(target, await usedBytes(live), onProgress, run);
}

/** The marker is this image's own, whatever else is in the machine. */
function earlyConfig(marker: string): string {
  return `search --file --set=root ${marker}
set prefix=($root)/boot/grub
configfile ($root)/boot/grub/grub.cfg
`;
}

export function liveMenu(plan: Plan): string {
  return grubMenu(`menuentry "${plan.applianceName.replace(/["\\$`]/g, '')} (live)" {
  linux /live/vmlinuz ${liveParameters(plan)}
  initrd /live/initrd.img
}
`);
}

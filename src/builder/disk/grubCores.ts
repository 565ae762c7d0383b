import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sandbox } from '../sandbox/sandbox.ts';

/** What GRUB is to be able to do besides reading a menu and starting Linux. */
export interface GrubRequest {
  /** The form of its core for BIOS: behind a disk's first sector, or as a CD's boot image. */
  readonly bios: 'i386-pc' | 'i386-pc-eltorito';
  /** Modules to find and read the file system with the menu. */
  readonly modules: readonly string[];
  /** What it does first. */
  readonly early: string;
  readonly folder: string;
  readonly sandbox: Sandbox;
}

/** Files. */
export interface GrubCores {
  readonly bios: string;
  /** For UEFI, as `EFI/BOOT/BOOTX64.EFI`. */
  readonly efi: string;
}

export const grubCoresScript = `
modules="normal configfile search part_msdos part_gpt linux echo test serial terminal ls reboot halt $MODULES"
grub-mkimage -O "$FORM" -d /usr/lib/grub/i386-pc -c "$EARLY" -p /boot/grub -o "$BIOS" biosdisk $modules
grub-mkimage -O x86_64-efi -d /usr/lib/grub/x86_64-efi -c "$EARLY" -p /boot/grub -o "$EFI" fat efi_gop all_video $modules
`;

/** Makes GRUB for both firmwares: the same modules, the same first steps. */
export async function makeGrubCores({
  bios,
  modules,
  early,
  folder,
  sandbox,
}: GrubRequest): Promise<GrubCores> {
  const cores = { bios: join(folder, 'core.img'), efi: join(folder, 'bootx64.efi') };
  const earlyFile = join(folder, 'early.cfg');
  await mkdir(folder, { recursive: true });
  await writeFile(earlyFile, early);
  await sandbox.run(grubCoresScript, {
    env: { FORM: bios, MODULES: modules.join(' '), EARLY: earlyFile, BIOS: cores.bios, EFI: cores.efi },
    writes: [folder],
  });
  return cores;
}

import type { Plan } from '../plan.ts';

/** What GRUB's core image does first, on BIOS and on UEFI: find the root file system and read the menu there. */
export function earlyConfig(rootUuid: string): string {
  return `search --no-floppy --fs-uuid --set=root ${rootUuid}
set prefix=($root)/boot/grub
configfile ($root)/boot/grub/grub.cfg
`;
}

/**
 * The menu. It boots the links /vmlinuz and /initrd.img, which Debian's kernel packages keep pointing at the newest
 * kernel, so that it stays right after an upgrade. It speaks on the screen and on the serial port, if there is one.
 */
export function grubConfig(plan: Plan): string {
  const parameters = [
    `root=UUID=${plan.rootUuid}`,
    'ro',
    'console=tty0',
    'console=ttyS0,115200n8',
    ...plan.kernelParameters,
  ].join(' ');
  return `# Written by Appliance Forge.
set default=0
set timeout=1
if serial --unit=0 --speed=115200; then
  terminal_input console serial
  terminal_output console serial
fi
menuentry "Debian ${plan.release.version}" {
  linux /vmlinuz ${parameters}
  initrd /initrd.img
}
menuentry "Debian ${plan.release.version}, rescue" {
  linux /vmlinuz ${parameters} systemd.unit=rescue.target
  initrd /initrd.img
}
if [ -e /vmlinuz.old ]; then
  menuentry "Debian ${plan.release.version}, previous kernel" {
    linux /vmlinuz.old ${parameters}
    initrd /initrd.img.old
  }
fi
`;
}

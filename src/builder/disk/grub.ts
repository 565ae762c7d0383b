import { bootPartitionOf, rootPartitionOf, type PlannedPartition } from '../plan/disks.ts';
import type { Plan } from '../plan/plan.ts';

/** Where the menu is on its own file system. */
function menuFolder(boot: PlannedPartition): string {
  return boot.mountPoint === '/boot' ? '/grub' : '/boot/grub';
}

/** What GRUB's core image does first, on BIOS and on UEFI: find the file system of /boot and read the menu there. */
export function earlyConfig(boot: PlannedPartition): string {
  return `search --no-floppy --fs-uuid --set=root ${boot.uuid}
set prefix=($root)${menuFolder(boot)}
configfile ($root)${menuFolder(boot)}/grub.cfg
`;
}

/**
 * The menu. It boots the links vmlinuz and initrd.img, which Debian's kernel packages keep pointing at the newest
 * kernel, so that it stays right after an upgrade.
 */
export function grubConfig(plan: Plan): string {
  const root = rootPartitionOf(plan.disks);
  const parameters = [
    `root=UUID=${root?.uuid ?? ''}`,
    'ro',
    'console=tty0',
    'console=ttyS0,115200n8',
    ...plan.kernelParameters,
  ].join(' ');
  const title = `Debian ${plan.release.version}`;
  return grubMenu(`menuentry "${title}" {
  linux /vmlinuz ${parameters}
  initrd /initrd.img
}
menuentry "${title}, rescue" {
  linux /vmlinuz ${parameters} systemd.unit=rescue.target
  initrd /initrd.img
}
if [ -e /vmlinuz.old ]; then
  menuentry "${title}, previous kernel" {
    linux /vmlinuz.old ${parameters}
    initrd /initrd.img.old
  }
fi
`);
}

/** A menu with these entries, on the screen and on the serial port, if there is one; the first starts after a second. */
export function grubMenu(entries: string): string {
  return `# Written by Appliance Forge.
set default=0
set timeout=1
if serial --unit=0 --speed=115200; then
  terminal_input console serial
  terminal_output console serial
fi
${entries}`;
}

/** The kernel's links are beside it in /boot where that is a file system of its own: GRUB can't follow them to another. */
export function hasOwnBoot(plan: Plan): boolean {
  return bootPartitionOf(plan.disks)?.mountPoint === '/boot';
}

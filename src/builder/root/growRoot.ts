import type { PlannedDisk } from '../plan/disks.ts';
import { textFile, type RootOption } from './part.ts';

const program = '/usr/lib/appliance-forge/grow-root';
const unitName = 'appliance-grow-root.service';
const sector = 512;

/**
 * POSIX shell. sfdisk, as Debian's growpart wants Python and systemd-repart a GPT. A disk no larger than the image was is
 * left alone: what is free on it is so because the template says so.
 */
function script({ size }: PlannedDisk, number: number): string {
  return `#!/bin/sh
# Gives the root what its disk has more than the image had. Written by Appliance Forge.
set -eu
device="$(findmnt --noheadings --nofsroot --output SOURCE /)"
part="$(realpath "/sys/class/block/\${device##*/}")"
disk="\${part%/*}"
sectors="$(cat "$disk/size")"
[ "$sectors" -gt ${size / sector} ] || exit 0
end="$(($(cat "$part/start") + $(cat "$part/size")))"
if [ "$((end + 2048))" -le "$sectors" ]; then
  echo ', +' | sfdisk --quiet --force --no-reread --no-tell-kernel -N ${number} "/dev/\${disk##*/}"
  partx --update --nr ${number} "/dev/\${disk##*/}"
fi
exec /usr/lib/systemd/systemd-growfs /
`;
}

const unit = `[Unit]
Description=Grow the root to the size of its disk
DefaultDependencies=no
Conflicts=shutdown.target
After=systemd-remount-fs.service
Before=sysinit.target shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=${program}

[Install]
WantedBy=sysinit.target
`;

/** Where the root is the last partition of a disk, and none inside of another, it grows with the disk. */
export const growRoot: RootOption = ({ disks, system }) => {
  const disk = disks.find(({ partitions }) => partitions.some(({ mountPoint }) => mountPoint === '/'));
  if (!system.hasDisk || disk === undefined) return {};
  const last = disk.partitions.toSorted((a, b) => b.start - a.start)[0];
  // From 5 on an MBR's partitions are inside of another one.
  if (last?.mountPoint !== '/' || (disk.table === 'dos' && last.number > 4)) return {};
  return {
    packages: ['fdisk'],
    files: [
      textFile(program, script(disk, last.number), 0o755),
      textFile(`/etc/systemd/system/${unitName}`, unit),
    ],
    units: [unitName],
  };
};

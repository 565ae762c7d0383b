import { distributionOfRelease } from '../plan/distributions.ts';
import { mirrorSources, preferences, sourceLine } from '../plan/sources.ts';
import { fileSystems } from '../fileSystems/fileSystems.ts';
import { grubConfig, hasOwnBoot } from '../disk/grub.ts';
import { mountedPartitions } from '../plan/disks.ts';
import type { Plan } from '../plan/plan.ts';
import type { RootFile } from './bootScripts.ts';

/** One card with an address is "online"; a machine without a network goes on after half a minute. */
const waitOnline = `[Service]
ExecStart=
ExecStart=/lib/systemd/systemd-networkd-wait-online --any --timeout=30
`;

/** Host keys are made in the appliance, never in the image: each machine has its own. */
const hostKeys = `[Unit]
Description=SSH host keys of this machine
ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key
ConditionPathExists=/usr/bin/ssh-keygen
Before=ssh.service ssh.socket

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/bin/ssh-keygen -A

[Install]
WantedBy=multi-user.target
`;

/** kernel-img.conf(5): where /boot is a file system of its own the links to the kernel are in it. */
const linksInBoot = 'do_symlinks = yes\nlink_in_boot = yes\nimage_dest = /boot\n';

/** The unit that makes them. */
export const hostKeysUnit = 'appliance-ssh-host-keys.service';

/** What every appliance's root gets besides its packages. */
export function rootFiles(plan: Plan): RootFile[] {
  const text = (path: string, content: string, mode = 0o644): RootFile => ({ path, content, mode });
  const files = [
    ...aptFiles(plan),
    text('/etc/default/locale', `LANG=${plan.settings.locale}\n`),
    text('/etc/hostname', `${plan.hostname}\n`),
    text('/etc/hosts', hosts(plan)),
    text('/etc/systemd/system/systemd-networkd-wait-online.service.d/appliance.conf', waitOnline),
    text(`/etc/systemd/system/${hostKeysUnit}`, hostKeys),
    text('/etc/timezone', `${plan.timezone}\n`),
  ];
  if (plan.system.hasDisk) {
    files.push(text('/boot/grub/grub.cfg', grubConfig(plan)), text('/etc/fstab', fstab(plan)));
    if (hasOwnBoot(plan)) files.push(text('/etc/kernel-img.conf', linksInBoot));
  }
  if (plan.welcomeMessage !== undefined) {
    files.push(text('/etc/motd', `${plan.welcomeMessage.trimEnd()}\n`));
  }
  return files;
}

/** Where the machine gets its packages from: the distribution's mirror, whichever one it was built with. */
function aptFiles({ release, sources }: Plan): RootFile[] {
  const text = (path: string, content: string): RootFile => ({ path, content, mode: 0o644 });
  const own = mirrorSources(release, distributionOfRelease(release).mirror, sources);
  const files = [text('/etc/apt/sources.list', own.map((source) => sourceLine(source)).join(''))];
  for (const repository of sources.repositories) {
    const { name, source, key, priority } = repository;
    const keyFile = `/etc/apt/keyrings/${name}.asc`;
    files.push(text(keyFile, key));
    files.push(text(`/etc/apt/sources.list.d/${name}.list`, sourceLine(source, [`signed-by=${keyFile}`])));
    if (priority !== undefined) files.push(text(`/etc/apt/preferences.d/${name}`, preferences([repository])));
  }
  return files;
}

/** fstab(5): file systems by UUID, whatever the kernel calls their disks. */
function fstab({ disks }: Plan): string {
  const swaps = disks
    .flatMap(({ partitions }) => partitions)
    .filter(({ fileSystem }) => fileSystem === 'swap')
    .map(({ uuid }) => `UUID=${uuid} none swap sw 0 0\n`);
  const mounts = mountedPartitions(disks).map(
    ({ uuid, fileSystem = 'ext4', mountPoint = '/', mountOptions }) => {
      const { options = 'defaults', rootOptions = options, isChecked, idOf } = fileSystems[fileSystem];
      const isRoot = mountPoint === '/';
      const own = isRoot ? rootOptions : options;
      const all = mountOptions === undefined ? [own] : [own, mountOptions];
      const pass = !isChecked ? 0 : isRoot ? 1 : 2;
      return `UUID=${idOf?.(uuid) ?? uuid} ${mountPoint} ${fileSystem} ${all.join(',')} 0 ${pass}\n`;
    },
  );
  return [...mounts, ...swaps].join('');
}

function hosts({ hostname, fullHostname }: Plan): string {
  const names = [...new Set([fullHostname, hostname])].join(' ');
  return `127.0.0.1 localhost
127.0.1.1 ${names}
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;
}

import { debianMirror, sourcesList } from '../debian.ts';
import { grubConfig } from '../disk/grub.ts';
import type { Plan } from '../plan.ts';
import type { RootFile } from './bootScripts.ts';

/** DHCP on every ethernet card, whatever its driver calls it (e1000, virtio …). */
const network = `[Match]
Type=ether
Kind=!*

[Network]
DHCP=yes

[DHCPv4]
UseDomains=yes
`;

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

/** The unit that makes them. */
export const hostKeysUnit = 'appliance-ssh-host-keys.service';

/** What every appliance's root gets besides its packages. */
export function rootFiles(plan: Plan): RootFile[] {
  const text = (path: string, content: string, mode = 0o644): RootFile => ({ path, content, mode });
  const files = [
    text('/etc/apt/sources.list', sourcesList(plan.release, debianMirror)),
    text('/etc/default/locale', 'LANG=C.UTF-8\n'),
    text('/etc/hostname', `${plan.hostname}\n`),
    text('/etc/hosts', hosts(plan.hostname)),
    text('/etc/systemd/network/80-appliance-dhcp.network', network),
    text('/etc/systemd/system/systemd-networkd-wait-online.service.d/appliance.conf', waitOnline),
    text(`/etc/systemd/system/${hostKeysUnit}`, hostKeys),
    text('/etc/timezone', `${plan.timezone}\n`),
  ];
  if (plan.system.hasDisk) {
    files.push(text('/boot/grub/grub.cfg', grubConfig(plan)), text('/etc/fstab', fstab(plan)));
  }
  if (plan.welcomeMessage !== undefined) {
    files.push(text('/etc/motd', `${plan.welcomeMessage.trimEnd()}\n`));
  }
  if (plan.sshKeys.length > 0) {
    files.push(text('/root/.ssh/authorized_keys', `${plan.sshKeys.join('\n')}\n`, 0o600));
  }
  return files;
}

function fstab(plan: Plan): string {
  const root = `UUID=${plan.rootUuid} / ext4 errors=remount-ro 0 1\n`;
  return plan.swapSize > 0 ? `${root}UUID=${plan.swapUuid} none swap sw 0 0\n` : root;
}

function hosts(hostname: string): string {
  return `127.0.0.1 localhost
127.0.1.1 ${hostname}
::1 localhost ip6-localhost ip6-loopback
ff02::1 ip6-allnodes
ff02::2 ip6-allrouters
`;
}

import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { PlannedDevice, PlannedLink } from '../plan/network.ts';
import { textFile, type RootOption } from './part.ts';

/** DHCP on every ethernet card, whatever its driver calls it (e1000, virtio …). */
const dhcpEverywhere = `[Match]
Type=ether
Kind=!*

[Network]
DHCP=yes

[DHCPv4]
UseDomains=yes
`;

/** `internetSettings`, `nics`, `bonds` and `vlans`, for systemd-networkd. */
export const network: RootOption = ({ release, network: { mode, nics, devices, links } }) => {
  if (mode === 'ask') return {};
  if (mode === 'dhcp') {
    return { files: [textFile('/etc/systemd/network/80-appliance-dhcp.network', dhcpEverywhere)] };
  }
  return {
    files: [
      ...[...nics, ...links].map((link, index) =>
        textFile(
          `/etc/systemd/network/7${index}-appliance-${link.device}.network`,
          networkFile(link, release),
        ),
      ),
      ...devices.map((each) =>
        textFile(`/etc/systemd/network/70-appliance-${each.device}.netdev`, deviceFile(each)),
      ),
    ],
  };
};

/** systemd.netdev(5). */
function deviceFile({ device, kind, section }: PlannedDevice): string {
  return `[NetDev]\nName=${device}\nKind=${kind}\n\n${section}\n`;
}

/** systemd.network(5). */
export function networkFile(nic: PlannedLink, { codename }: Pick<DebianRelease, 'codename'>): string {
  const { ipv4, ipv6 } = nic;
  if (nic.bond !== undefined) {
    const lines = ['[Match]', `Name=${nic.device}`, '', '[Network]', `Bond=${nic.bond}`];
    return [...lines, 'LinkLocalAddressing=no', ''].join('\n');
  }
  // Debian 11's networkd brings up all it manages.
  const notConnected = codename === 'bullseye' ? 'Unmanaged=yes' : 'ActivationPolicy=manual';
  const dhcp = [...(ipv4 === 'dhcp' ? ['ipv4'] : []), ...(ipv6 === 'dhcp' ? ['ipv6'] : [])];
  return [
    `# ${nic.title.replace(/[\r\n]/g, ' ')}`,
    '[Match]',
    `Name=${nic.device}`,
    '',
    '[Link]',
    ...(nic.autoConnect ? [] : [notConnected, 'RequiredForOnline=no']),
    ...(nic.autoConnect && ipv4 === 'disabled' && ipv6 === 'disabled' ? ['RequiredForOnline=carrier'] : []),
    '',
    '[Network]',
    `DHCP=${dhcp.length === 2 ? 'yes' : (dhcp[0] ?? 'no')}`,
    `LinkLocalAddressing=${ipv6 === 'disabled' ? 'no' : 'ipv6'}`,
    `IPv6AcceptRA=${ipv6 === 'dhcp' ? 'yes' : 'no'}`,
    ...nic.addresses.flatMap(({ address, gateway }) => [
      `Address=${address}`,
      ...(gateway === undefined ? [] : [`Gateway=${gateway}`]),
    ]),
    ...nic.vlans.map((vlan) => `VLAN=${vlan}`),
    '',
    ...nic.routes.flatMap(({ to, via, metric }) => [
      '[Route]',
      `Destination=${to}`,
      via === undefined ? 'Scope=link' : `Gateway=${via}`,
      ...(metric === undefined ? [] : [`Metric=${metric}`]),
      '',
    ]),
    '[DHCPv4]',
    'UseDomains=yes',
    '',
  ].join('\n');
}

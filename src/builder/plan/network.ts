import { vlanName } from '../../appliance/template/rules/links.ts';
import { prefixLength } from '../../appliance/template/rules/network.ts';
import type { Installation, Nic, Route } from '../../appliance/template/model/template.ts';

/** One card's addresses of one kind. `gateway` belongs to the address it stands with. */
interface PlannedAddress {
  /** `192.0.2.10/24` */
  readonly address: string;
  readonly gateway: string | undefined;
}

/** Whatever has addresses: a card, a bond, a VLAN. */
export interface PlannedLink {
  /** The kernel's name of it: `eth0`. */
  readonly device: string;
  /** What the template calls it. */
  readonly title: string;
  readonly autoConnect: boolean;
  readonly ipv4: 'dhcp' | 'static' | 'disabled';
  readonly ipv6: 'dhcp' | 'static' | 'disabled';
  readonly addresses: readonly PlannedAddress[];
  readonly routes: readonly Route[];
  /** The bond it is a part of: it then has no address of its own. */
  readonly bond?: string;
  /** The devices of the VLANs on it. */
  readonly vlans: readonly string[];
}

/** A device that is made by networkd, as the section of its netdev file says it. */
export interface PlannedDevice {
  readonly device: string;
  readonly kind: 'bond' | 'vlan';
  readonly section: string;
}

export interface PlannedNetwork {
  /** `dhcp`: every card by DHCP. `ask`: a person says it at the first boot. `configure`: the cards, and no other. */
  readonly mode: 'dhcp' | 'ask' | 'configure';
  readonly nics: readonly PlannedLink[];
  /** Bonds and VLANs. */
  readonly devices: readonly PlannedDevice[];
  readonly links: readonly PlannedLink[];
}

/** Cards are counted as the kernel finds them: the first is eth0, which `net.ifnames=0` makes their names. */
export function planNetwork(installation: Installation): PlannedNetwork {
  const { internetSettings, nics = [], bonds = [], vlans = [] } = installation;
  const none = { nics: [], devices: [], links: [] };
  const isConfigured = internetSettings === 'configure' || internetSettings === undefined;
  if (internetSettings === 'ask') return { mode: 'ask', ...none };
  if (!isConfigured || nics.length === 0) return { mode: 'dhcp', ...none };
  const ordered = nics.toSorted(
    (a, b) => (a.order ?? nics.indexOf(a) + 1) - (b.order ?? nics.indexOf(b) + 1),
  );
  const on = (name: string): string[] => vlans.filter((vlan) => vlan.on === name).map(vlanName);
  return {
    mode: 'configure',
    nics: ordered.map((nic, index) => {
      const title = nic.name ?? `eth${index}`;
      const bond = bonds.find((each) => each.nics.includes(title))?.name;
      const planned = {
        ...planLink(nic, `eth${index}`, title, on(title)),
        autoConnect: nic.autoConnect ?? true,
      };
      return bond === undefined ? planned : { ...planned, bond };
    }),
    devices: [
      ...bonds.map(({ name, mode = 'balance-rr' }) => {
        return { device: name, kind: 'bond', section: `[Bond]\nMode=${mode}\nMIIMonitorSec=100ms` } as const;
      }),
      ...vlans.map((vlan) => {
        return { device: vlanName(vlan), kind: 'vlan', section: `[VLAN]\nId=${vlan.id}` } as const;
      }),
    ],
    links: [
      ...bonds.map((bond) => planLink(bond, bond.name, bond.name, on(bond.name))),
      ...vlans.map((vlan) => planLink(vlan, vlanName(vlan), vlanName(vlan), [])),
    ],
  };
}

/** The kernel's names of the cards that a machine of this network has. */
export function cardsOf({ nics }: PlannedNetwork): string[] {
  return nics.length === 0 ? ['eth0'] : nics.map(({ device }) => device);
}

function planLink(
  link: Pick<Nic, 'ipv4' | 'ipv6' | 'ipAddresses' | 'routes'>,
  device: string,
  title: string,
  vlans: readonly string[],
): PlannedLink {
  const { ipv4 = 'dhcp', ipv6 = 'dhcp', ipAddresses = [], routes = [] } = link;
  const fixed = ipAddresses.filter(({ address }) => (address.includes(':') ? ipv6 : ipv4) === 'static');
  return {
    ...{ device, title, autoConnect: true, ipv4, ipv6, routes, vlans },
    addresses: fixed.map(({ address, netmask = '', gateway }) => ({
      address: `${address}/${prefixLength(netmask, address) ?? (address.includes(':') ? 64 : 24)}`,
      gateway,
    })),
  };
}

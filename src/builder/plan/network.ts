import { prefixLength } from '../../appliance/template/rules/network.ts';
import type { Installation, Nic } from '../../appliance/template/model/template.ts';

/** One card's addresses of one kind. `gateway` belongs to the address it stands with. */
interface PlannedAddress {
  /** `192.0.2.10/24` */
  readonly address: string;
  readonly gateway: string | undefined;
}

export interface PlannedNic {
  /** The kernel's name of the card: `eth0`. */
  readonly device: string;
  /** What the template calls it. */
  readonly title: string;
  readonly autoConnect: boolean;
  readonly ipv4: 'dhcp' | 'static' | 'disabled';
  readonly ipv6: 'dhcp' | 'static' | 'disabled';
  readonly addresses: readonly PlannedAddress[];
}

export interface PlannedNetwork {
  /** `dhcp`: every card by DHCP. `ask`: a person says it at the first boot. `configure`: the cards, and no other. */
  readonly mode: 'dhcp' | 'ask' | 'configure';
  readonly nics: readonly PlannedNic[];
}

/** Cards are counted as the kernel finds them: the first is eth0, which `net.ifnames=0` makes their names. */
export function planNetwork({ internetSettings, nics = [] }: Installation): PlannedNetwork {
  const isConfigured = internetSettings === 'configure' || internetSettings === undefined;
  if (internetSettings === 'ask') return { mode: 'ask', nics: [] };
  if (!isConfigured || nics.length === 0) return { mode: 'dhcp', nics: [] };
  const ordered = nics.toSorted(
    (a, b) => (a.order ?? nics.indexOf(a) + 1) - (b.order ?? nics.indexOf(b) + 1),
  );
  return { mode: 'configure', nics: ordered.map(planNic) };
}

/** The kernel's names of the cards that a machine of this network has. */
export function cardsOf({ nics }: PlannedNetwork): string[] {
  return nics.length === 0 ? ['eth0'] : nics.map(({ device }) => device);
}

function planNic(nic: Nic, index: number): PlannedNic {
  const ipv4 = nic.ipv4 ?? 'dhcp';
  const ipv6 = nic.ipv6 ?? 'dhcp';
  const fixed = (nic.ipAddresses ?? []).filter(
    ({ address }) => (address.includes(':') ? ipv6 : ipv4) === 'static',
  );
  return {
    device: `eth${index}`,
    title: nic.name ?? `eth${index}`,
    autoConnect: nic.autoConnect ?? true,
    ipv4,
    ipv6,
    addresses: fixed.map(({ address, netmask = '', gateway }) => ({
      address: `${address}/${prefixLength(netmask, address) ?? (address.includes(':') ? 64 : 24)}`,
      gateway,
    })),
  };
}

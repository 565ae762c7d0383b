import { textFile, type RootOption } from './part.ts';

/**
 * Nothing comes in but answers, ICMP, DHCPv6 and SSH, as with firewalld's default zone. What else an appliance serves it
 * opens with a file of its own, for example `tcp dport 80 accept` in /etc/appliance-forge/firewall.d/http.nft.
 */
const ruleset = `#!/usr/sbin/nft -f
flush ruleset

table inet appliance {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    ct state invalid drop
    iifname "lo" accept
    # ICMP and ICMPv6. Their names are in the package netbase, which need not be there.
    meta l4proto { 1, 58 } accept
    udp dport 546 accept
    tcp dport 22 accept
    include "/etc/appliance-forge/firewall.d/*.nft"
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
  chain output {
    type filter hook output priority filter; policy accept;
  }
}
`;

/** `firewall: true`: nftables. */
export const firewall: RootOption = (plan) =>
  plan.firewall
    ? {
        packages: ['nftables'],
        files: [
          textFile('/etc/nftables.conf', ruleset, 0o755),
          textFile(
            '/etc/appliance-forge/firewall.d/README',
            'Files *.nft here are lines of the chain “input”.\n',
          ),
        ],
        units: ['nftables.service'],
      }
    : {};

import { textFile, type RootOption } from './part.ts';

/**
 * Nothing comes in but answers, ICMP, DHCPv6 and SSH, as with firewalld's default zone. What else an appliance serves it
 * opens with a file of its own, for example `tcp dport 80 accept` in /etc/appliance-forge/firewall.d/http.nft.
 *
 * The table is made anew and no other one is touched: Docker, libvirt and others have theirs. What is forwarded is left to
 * who manages it: nothing is, unless somebody turns forwarding on.
 */
const ruleset = `#!/usr/sbin/nft -f
table inet appliance
delete table inet appliance

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
    include "/etc/appliance-forge/firewall.d/input/*.nft"
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
    include "/etc/appliance-forge/firewall.d/forward/*.nft"
  }
  chain output {
    type filter hook output priority filter; policy accept;
    include "/etc/appliance-forge/firewall.d/output/*.nft"
  }
}
`;

/** Debian's unit flushes all tables when it stops, which it does when it is restarted. */
const ownTableOnly = `[Service]
ExecStop=
ExecStop=-/usr/sbin/nft delete table inet appliance
`;

const readme = `Files *.nft here and in input/ are lines of the chain “input”, those in forward/ and
output/ of the chains of that name. After a change: systemctl reload nftables
`;

/** `firewall: true`: nftables. */
export const firewall: RootOption = (plan) =>
  plan.firewall
    ? {
        packages: ['nftables'],
        files: [
          textFile('/etc/nftables.conf', ruleset, 0o755),
          textFile('/etc/systemd/system/nftables.service.d/appliance.conf', ownTableOnly),
          textFile('/etc/appliance-forge/firewall.d/README', readme),
        ],
        units: ['nftables.service'],
      }
    : {};

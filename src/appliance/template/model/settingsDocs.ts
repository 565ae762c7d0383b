import type { TemplateKeyDoc } from './keyDoc.ts';

/** What the keys mean that UForge’s templates have not. */
export const settingsDocs: Readonly<Record<string, TemplateKeyDoc>> = {
  'Installation.hostname': {
    text: 'Name of the machine, with or without its domain; made of the appliance’s name unless told. Local forge only.',
    example: 'web01.example.org',
  },
  'Installation.locale': {
    text: 'Language and character set of the system, `C.UTF-8` unless told. Local forge only.',
    example: 'de_DE.UTF-8',
  },
  'Installation.nameServers': {
    text: 'Addresses of DNS servers, beside those that DHCP gives. Local forge only.',
    example: ['192.0.2.53'],
  },
  'Installation.searchDomains': {
    text: 'Domains that short names are looked for in. Local forge only.',
    example: ['example.org'],
  },
  'Installation.bonds': {
    text: 'Cards that work as one. Local forge only.',
    example: [{ name: 'bond0', nics: ['one', 'two'], mode: 'active-backup' }],
  },
  'Installation.vlans': {
    text: 'Networks with a number on a card or a bond. Local forge only.',
    example: [{ id: 100, on: 'one', ipv4: 'dhcp' }],
  },
  'Installation.services': {
    text: 'Units of systemd that start at boot, or do not. Local forge only.',
    example: { enable: ['nginx'], disable: ['apt-daily.timer'], mask: ['ctrl-alt-del.target'] },
  },
  'Installation.caCertificates': {
    text: 'Certificates of authorities that the system trusts, each in PEM. Local forge only.',
    example: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n'],
  },
  'Installation.sysctl': {
    text: 'Parameters of the kernel while it runs, by name. Local forge only.',
    example: { 'net.ipv4.ip_forward': 1 },
  },
  'Installation.files': {
    text: 'Files whose content is in the template. Local forge only.',
    example: [{ path: '/etc/motd.d/hello', content: 'Hello\n' }],
  },
  'Installation.cpus': {
    text: 'Number of processors, in formats that describe a machine. Local forge only.',
    example: 2,
  },
  'Nic.routes': {
    text: 'Further routes through the card. Local forge only.',
    example: [{ to: '198.51.100.0/24', via: '192.0.2.254' }],
  },
  'Bond.name': { text: 'Name of the bond, as the kernel has it.', example: 'bond0' },
  'Bond.nics': { text: 'Names of its cards.', example: ['one', 'two'] },
  'Bond.mode': { text: 'How the cards share the work; `balance-rr` unless told.', example: 'active-backup' },
  'Bond.ipv4': { text: 'How the bond gets its IPv4 address.', example: 'dhcp' },
  'Bond.ipv6': { text: 'How the bond gets its IPv6 address.' },
  'Bond.ipAddresses': {
    text: 'Fixed addresses.',
    example: [{ version: '4', address: '192.0.2.10', netmask: '255.255.255.0' }],
  },
  'Bond.routes': {
    text: 'Further routes through the bond.',
    example: [{ to: '198.51.100.0/24', via: '192.0.2.254' }],
  },
  'Vlan.name': {
    text: 'Name of the VLAN, as the kernel has it; made of the card and the number unless told.',
  },
  'Vlan.id': { text: 'Number of the VLAN, from 1 to 4094.', example: 100 },
  'Vlan.on': { text: 'Name of the card or the bond it is on.', example: 'one' },
  'Vlan.ipv4': { text: 'How the VLAN gets its IPv4 address.', example: 'dhcp' },
  'Vlan.ipv6': { text: 'How the VLAN gets its IPv6 address.' },
  'Vlan.ipAddresses': {
    text: 'Fixed addresses.',
    example: [{ version: '4', address: '192.0.2.10', netmask: '255.255.255.0' }],
  },
  'Vlan.routes': {
    text: 'Further routes through the VLAN.',
    example: [{ to: '198.51.100.0/24', via: '192.0.2.254' }],
  },
  'Route.to': { text: 'Where it leads: a network with its prefix.', example: '198.51.100.0/24' },
  'Route.via': {
    text: 'Address of the router; without it the network is reached directly.',
    example: '192.0.2.254',
  },
  'Route.metric': { text: 'Of several routes the one with the smallest number is taken.', example: 100 },
  'Services.enable': { text: 'Units that start at boot.', example: ['nginx'] },
  'Services.disable': {
    text: 'Units that do not start at boot by themselves.',
    example: ['apt-daily.timer'],
  },
  'Services.mask': { text: 'Units that can’t be started at all.', example: ['ctrl-alt-del.target'] },
  'TextFile.path': { text: 'Where it is in the image.', example: '/etc/motd.d/hello' },
  'TextFile.content': { text: 'What is in it.', example: 'Hello\n' },
  'TextFile.ownerGroup': { text: 'Owner and group, for example `root:root`.', example: 'root:root' },
  'TextFile.rights': { text: 'Rights in octal, for example `755`; `644` unless told.', example: '644' },
  'Partition.mountOptions': {
    text: 'How it is mounted, as in fstab: options separated by commas. Local forge only.',
    example: 'noatime,nodev',
  },
  'User.sudo': {
    text: 'Whether the user may become root with sudo: with the own password, or without any. Local forge only.',
    example: 'password',
  },
};

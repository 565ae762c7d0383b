import { debianReleases, unreleased, type DebianRelease } from '../../appliance/catalog/debianReleases.ts';

export const debianMirror = 'http://deb.debian.org/debian';

/** What a template's `os` means here, or a sentence that says why not. */
export function debianRelease(os: { name: string; version: string; arch: string }): DebianRelease | string {
  const versions = debianReleases.map(({ version }) => `Debian ${version}`).toSorted();
  const known = `${versions.slice(0, -1).join(', ')} and ${versions.at(-1) ?? ''}`;
  const wanted = `${os.name} ${os.version} ${os.arch}`;
  const isDebian = os.name.toLowerCase() === 'debian';
  const is64Bit = ['x86_64', 'amd64'].includes(os.arch.toLowerCase());
  const release = debianReleases.find((each) => isCalled(each, os.version));
  if (isDebian && is64Bit && release !== undefined) return release;
  const changing = isDebian && unreleased.some((each) => isCalled(each, os.version));
  const why = changing ? ', which is not released and another one every day' : '';
  return `stack.os is ${wanted}${why}; the local forge builds ${known} for x86_64 (amd64)`;
}

function isCalled({ version, codename }: DebianRelease, name: string): boolean {
  return name.toLowerCase() === codename || name.split('.')[0]?.toLowerCase() === version;
}

/**
 * The OS profile: what every appliance has besides Debian's essential packages and its kernel. Network by
 * systemd-networkd, names by systemd-resolved; zstd for the initial RAM disk; usr-is-merged says that the root
 * was laid out with a merged /usr from the start.
 */
const minimalPackages: readonly string[] = [
  'apt',
  'usr-is-merged',
  'systemd-sysv',
  'udev',
  'dbus',
  'libpam-systemd',
  'systemd-resolved',
  'systemd-timesyncd',
  'iproute2',
  'iputils-ping',
  'kmod',
  'login',
  'passwd',
  'procps',
  'e2fsprogs',
  'ca-certificates',
  'tzdata',
  'zstd',
];

/** Debian 11 has systemd-resolved in its package systemd, and no mark of a merged /usr. */
const newerThanBullseye: readonly string[] = ['usr-is-merged', 'systemd-resolved'];

/** The packages of the Minimal profile, which the base root is made of. */
export function basePackages({ codename }: DebianRelease): readonly string[] {
  return codename === 'bullseye'
    ? minimalPackages.filter((name) => !newerThanBullseye.includes(name))
    : minimalPackages;
}

/** What UForge calls an OS profile: the packages a system starts with. */
export type OsProfile = 'minimal' | 'server';

export const osProfiles: readonly OsProfile[] = ['minimal', 'server'];

/** All packages of a profile. */
export function profilePackages(release: DebianRelease, profile: OsProfile): readonly string[] {
  return [...basePackages(release), ...(profile === 'server' ? serverPackages : [])];
}

/** Server: what one expects on a machine to log in to and look after, over the minimal system. */
const serverPackages: readonly string[] = [
  'openssh-server',
  'sudo',
  'bash-completion',
  'bzip2',
  'cron',
  'curl',
  'file',
  'less',
  'logrotate',
  'lsof',
  'man-db',
  'manpages',
  'nano',
  'netbase',
  'psmisc',
  'python3-minimal',
  'rsyslog',
  'traceroute',
  'unattended-upgrades',
  'vim-tiny',
  'wget',
  'xz-utils',
];

/** The profile of that name, without regard to case. */
export function osProfileOf(name: string | undefined): OsProfile | undefined {
  return osProfiles.find((profile) => profile === name?.toLowerCase());
}

/** What a mirror has of a release: itself, its updates and its security updates. */
export function suitesOf({ codename }: DebianRelease): readonly [string, string, string] {
  return [codename, `${codename}-updates`, `${codename}-security`];
}

/** Where packages come from: the release, its updates and its security updates. One line each, for apt. */
export function sourcesList(release: DebianRelease, mirror: string, signedBy?: string): string {
  const base = mirror.replace(/\/+$/, '');
  // A snapshot's own date is in its address, and its lists have run out.
  const snapshot = /\/debian(\/\d{8}T\d{6}Z)$/.exec(base)?.[1];
  const validity = snapshot === undefined ? '' : ' check-valid-until=no';
  const options = signedBy === undefined ? '' : ` [arch=amd64 signed-by=${signedBy}${validity}]`;
  const security = `${base.replace(/\/debian(\/[^/]*)?$/, '')}/debian-security${snapshot ?? ''}`;
  const [main, updates, securityUpdates] = suitesOf(release);
  return [
    `deb${options} ${base} ${main} main`,
    `deb${options} ${base} ${updates} main`,
    `deb${options} ${security} ${securityUpdates} main`,
    '',
  ].join('\n');
}

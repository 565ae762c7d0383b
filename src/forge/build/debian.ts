import { createHash } from 'node:crypto';

/** A Debian release the forge can install. */
export interface DebianRelease {
  /** `12` */
  readonly version: string;
  /** `bookworm` */
  readonly codename: string;
}

export const debianReleases: readonly DebianRelease[] = [
  { version: '12', codename: 'bookworm' },
  { version: '13', codename: 'trixie' },
];

export const debianMirror = 'http://deb.debian.org/debian';

/** What a template's `os` means here, or a sentence that says why not. */
export function debianRelease(os: { name: string; version: string; arch: string }): DebianRelease | string {
  const known = debianReleases.map((release) => `Debian ${release.version}`).join(' and ');
  const wanted = `${os.name} ${os.version} ${os.arch}`;
  const release = debianReleases.find(
    ({ version, codename }) => os.version.toLowerCase() === codename || os.version.split('.')[0] === version,
  );
  const is64Bit = ['x86_64', 'amd64'].includes(os.arch.toLowerCase());
  if (os.name.toLowerCase() !== 'debian' || release === undefined || !is64Bit) {
    return `stack.os is ${wanted}; the local forge builds ${known} for x86_64 (amd64)`;
  }
  return release;
}

/**
 * The OS profile: what every appliance has besides Debian's essential packages and its kernel. Network by
 * systemd-networkd, names by systemd-resolved; zstd for the initial RAM disk; usr-is-merged says that the root
 * was laid out with a merged /usr from the start.
 */
export const profilePackages: readonly string[] = [
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

/** What UForge calls an OS profile: the packages a system starts with. */
export type OsProfile = 'minimal' | 'server';

export const osProfiles: readonly OsProfile[] = ['minimal', 'server'];

/** Server: what one expects on a machine to log in to and look after, over the minimal system. */
export const serverPackages: readonly string[] = [
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

/** Where packages come from: the release, its updates and its security updates. One line each, for apt. */
export function sourcesList(release: DebianRelease, mirror: string, signedBy?: string): string {
  const base = mirror.replace(/\/+$/, '');
  // A snapshot's own date is in its address, and its lists have run out.
  const snapshot = /\/debian(\/\d{8}T\d{6}Z)$/.exec(base)?.[1];
  const validity = snapshot === undefined ? '' : ' check-valid-until=no';
  const options = signedBy === undefined ? '' : ` [arch=amd64 signed-by=${signedBy}${validity}]`;
  const security = `${base.replace(/\/debian(\/[^/]*)?$/, '')}/debian-security${snapshot ?? ''}`;
  return [
    `deb${options} ${base} ${release.codename} main`,
    `deb${options} ${base} ${release.codename}-updates main`,
    `deb${options} ${security} ${release.codename}-security main`,
    '',
  ].join('\n');
}

/** A short, stable name for a set of inputs. */
export function keyOf(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
}

import { debianReleases, type DebianRelease } from '../../appliance/catalog/debianReleases.ts';

/** What UForge calls an OS profile: the packages a system starts with. */
export type OsProfile = 'minimal' | 'server';

export type Kernel = 'cloud' | 'full';

/** In what a release differs from its distribution. */
interface Exception {
  /** Packages of the profiles that it does not have. */
  readonly without?: readonly string[];
  readonly kernels?: Partial<Readonly<Record<Kernel, readonly string[]>>>;
  readonly components?: readonly string[];
  readonly backports?: false;
  /** What a package is of no use without, and only recommends. */
  readonly companions?: Readonly<Record<string, readonly string[]>>;
}

/** A suite of a mirror. */
interface Archive {
  readonly url: string;
  readonly suite: string;
  /** A snapshot's lists have run out. */
  readonly isOld: boolean;
}

/** A distribution that is installed with apt, as data: one more is one more row. */
export interface Distribution {
  /** As in `stack.os.name`; case aside. */
  readonly name: string;
  readonly releases: readonly DebianRelease[];
  /** With the keys its lists are signed with, on the computer that builds, and the package that brings it. */
  readonly keyring: string;
  readonly keyringPackage: string;
  readonly mirror: string;
  /** Where a mirror has its suites: each with the address below which they are. */
  readonly archives: (release: DebianRelease, mirror: string) => readonly Archive[];
  /** Of its archive; the first is always used. */
  readonly components: readonly string[];
  /** Its packages, with what a kernel looks for itself and calls an error when it is not there. */
  readonly kernels: Readonly<Record<Kernel, readonly string[]>>;
  /** What its kernel expects to be there: it has AppArmor on, and containers are not started without its tools. */
  readonly withKernel: readonly string[];
  /** `server` comes on top of `minimal`, which the base root is made of. */
  readonly profiles: Readonly<Record<OsProfile, readonly string[]>>;
  /** Packages of the profiles that the build itself relies on: no template leaves them out. */
  readonly indispensable: readonly string[];
  readonly exceptions: Readonly<Record<string, Exception>>;
}

const debian: Distribution = {
  name: 'Debian',
  releases: debianReleases,
  keyring: '/usr/share/keyrings/debian-archive-keyring.gpg',
  keyringPackage: 'debian-archive-keyring',
  mirror: 'http://deb.debian.org/debian',
  archives: ({ codename }, mirror) => {
    const url = mirror.replace(/\/+$/, '');
    // A snapshot's own date is in its address.
    const snapshot = /\/debian(\/\d{8}T\d{6}Z)$/.exec(url)?.[1];
    const security = `${url.replace(/\/debian(\/[^/]*)?$/, '')}/debian-security${snapshot ?? ''}`;
    const isOld = snapshot !== undefined;
    return [
      { url, suite: codename, isOld },
      { url, suite: `${codename}-updates`, isOld },
      { url: security, suite: `${codename}-security`, isOld },
    ];
  },
  components: ['main', 'contrib', 'non-free', 'non-free-firmware'],
  kernels: { cloud: ['linux-image-cloud-amd64'], full: ['linux-image-amd64', 'wireless-regdb'] },
  withKernel: ['apparmor'],
  profiles: {
    /**
     * What every appliance has besides Debian's essential packages and its kernel. Network by systemd-networkd, names by
     * systemd-resolved; zstd for the initial RAM disk; usr-is-merged says that the root was laid out with a merged /usr
     * from the start.
     */
    minimal: [
      ...['apt', 'usr-is-merged', 'systemd-sysv', 'udev', 'dbus', 'libpam-systemd', 'systemd-resolved'],
      ...['systemd-timesyncd', 'iproute2', 'iputils-ping', 'kmod', 'login', 'passwd', 'procps', 'e2fsprogs'],
      ...['ca-certificates', 'tzdata', 'zstd'],
    ],
    /** What one expects on a machine to log in to and look after. */
    server: [
      ...['openssh-server', 'sudo', 'bash-completion', 'bzip2', 'cron', 'curl', 'file', 'less', 'logrotate'],
      ...['lsof', 'man-db', 'manpages', 'nano', 'netbase', 'psmisc', 'python3-minimal', 'rsyslog'],
      ...['traceroute', 'unattended-upgrades', 'vim-tiny', 'wget', 'xz-utils'],
    ],
  },
  indispensable: [
    ...['apt', 'usr-is-merged', 'systemd-sysv', 'udev', 'systemd-resolved', 'kmod', 'login', 'passwd'],
    ...['e2fsprogs', 'tzdata', 'zstd'],
  ],
  exceptions: {
    /**
     * It has systemd-resolved in its package systemd, and no mark of a merged /usr. It gets no updates any more, and was
     * left with a cloud kernel whose package is in the index and not on the mirrors: it has the full one, which runs on
     * all that hardware, too. Its backports have left the mirrors.
     */
    bullseye: {
      without: ['usr-is-merged', 'systemd-resolved'],
      kernels: { cloud: ['linux-image-amd64', 'wireless-regdb'] },
      components: ['main', 'contrib', 'non-free'],
      backports: false,
    },
    // The client, which starts the containers, has become a package of its own.
    trixie: { companions: { 'docker.io': ['docker-cli'] } },
  },
};

export const debianMirror = debian.mirror;

/** All that images are made of. */
export const distributions: readonly Distribution[] = [debian];

/** The one a release is of. */
export function distributionOfRelease({ codename }: DebianRelease): Distribution {
  return distributions.find(({ releases }) => releases.some((each) => each.codename === codename)) ?? debian;
}

function exceptionOf(release: DebianRelease): Exception {
  return distributionOfRelease(release).exceptions[release.codename] ?? {};
}

/** The components of a release's archive. */
export function componentsOf(release: DebianRelease): readonly string[] {
  return exceptionOf(release).components ?? distributionOfRelease(release).components;
}

export function hasBackports(release: DebianRelease): boolean {
  return exceptionOf(release).backports ?? true;
}

/** What comes with packages that a template asks for, because they are of no use without. */
export function companionsOf(release: DebianRelease, names: readonly string[]): readonly string[] {
  const { companions = {} } = exceptionOf(release);
  const coming = names.flatMap((name) => companions[name] ?? []);
  return coming.filter((name) => !names.includes(name));
}

/** The packages of a kernel on a release. */
export function kernelPackages(release: DebianRelease, kernel: Kernel): readonly string[] {
  return exceptionOf(release).kernels?.[kernel] ?? distributionOfRelease(release).kernels[kernel];
}

/** The packages a profile has of its own on a release. */
export function packagesOfProfile(release: DebianRelease, profile: OsProfile): readonly string[] {
  const { without = [] } = exceptionOf(release);
  return distributionOfRelease(release).profiles[profile].filter((name) => !without.includes(name));
}

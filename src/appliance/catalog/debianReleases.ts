/** A Debian release, as images can be made of it. */
export interface DebianRelease {
  /** `12` */
  readonly version: string;
  /** `bookworm` */
  readonly codename: string;
}

/**
 * The releases the local forge builds: what Debian's mirror carries, and what was built and booted
 * (test/boot/systems.test.ts). The only list of them. The first is what a new template begins with.
 */
export const debianReleases: readonly DebianRelease[] = [
  { version: '12', codename: 'bookworm' },
  { version: '13', codename: 'trixie' },
  { version: '11', codename: 'bullseye' },
];

/** On the mirror, too, and no release: why the forge builds none of them is in the README. */
export const unreleased: readonly DebianRelease[] = [
  { version: '14', codename: 'forky' },
  { version: 'testing', codename: 'testing' },
  { version: 'unstable', codename: 'sid' },
];

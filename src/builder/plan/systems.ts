import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { TargetFormatFacts } from '../../appliance/catalog/targetFormats.ts';
import type { Platform } from './platforms.ts';

/** What a root file system is made for: it decides on kernel, drivers and how it starts. */
export interface System {
  readonly name: 'cloud' | 'generic' | 'live' | 'container';
  /** Debian packages besides the OS profile. */
  readonly packages: readonly string[];
  /** It starts from a disk of its own: with a boot loader's menu and an fstab. */
  readonly hasDisk: boolean;
}

/** What a plan has to know of a target format. */
export interface Target {
  readonly info: TargetFormatFacts;
  /** By the hardware it usually runs on. */
  readonly system: System;
  readonly platform: Platform;
}

/**
 * Debian's cloud kernel: small, quick to start, with the drivers of virtio, Xen, Hyper-V, NVMe and ENA machines.
 * It has none for AHCI and LSI controllers and Intel's cards, and what it has for others differs from release to release.
 */
export const cloudSystem: System = { name: 'cloud', packages: ['linux-image-cloud-amd64'], hasDisk: true };

/** Debian's full kernel, and what it looks for as soon as it knows of radio, and calls an error when it is not there. */
const fullKernel = ['linux-image-amd64', 'wireless-regdb'];

/** The full kernel, with an initial RAM disk for most hardware there is. */
export const genericSystem: System = { name: 'generic', packages: fullKernel, hasDisk: true };

/** The full kernel and an initial RAM disk that starts a read-only root from a medium or over HTTP (live-boot). */
export const liveSystem: System = {
  name: 'live',
  packages: [...fullKernel, 'live-boot', 'live-boot-initramfs-tools'],
  hasDisk: false,
};

/** No kernel: that of the computer the container runs on. */
export const containerSystem: System = { name: 'container', packages: [], hasDisk: false };

/**
 * The packages of a system on a release. Debian 11, which gets no updates any more, was left with a cloud kernel whose
 * package is in the index and not on the mirrors: it has the full one, which runs on all that hardware, too.
 */
export function systemPackages(system: System, { codename }: DebianRelease): readonly string[] {
  return codename === 'bullseye' && system.name === 'cloud' ? genericSystem.packages : system.packages;
}

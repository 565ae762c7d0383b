import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { distributionOfRelease, kernelPackages, type Kernel } from './distributions.ts';
import type { TargetFormatFacts } from '../../appliance/catalog/targetFormats.ts';
import type { Platform } from './platforms.ts';

/** What a root file system is made for: it decides on kernel, drivers and how it starts. */
export interface System {
  readonly name: 'cloud' | 'generic' | 'live' | 'container';
  /** Absent: that of the computer it runs on. */
  readonly kernel?: Kernel;
  /** Packages besides the OS profile and the kernel. */
  readonly packages?: readonly string[];
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
export const cloudSystem: System = { name: 'cloud', kernel: 'cloud', hasDisk: true };

/** Debian's full kernel, with an initial RAM disk for most hardware there is. */
export const genericSystem: System = { name: 'generic', kernel: 'full', hasDisk: true };

/** The full kernel and an initial RAM disk that starts a read-only root from a medium or over HTTP (live-boot). */
export const liveSystem: System = {
  name: 'live',
  kernel: 'full',
  packages: ['live-boot', 'live-boot-initramfs-tools'],
  hasDisk: false,
};

/** No kernel: that of the computer the container runs on. */
export const containerSystem: System = { name: 'container', hasDisk: false };

/** The packages of a system on a release. */
export function systemPackages({ kernel, packages = [] }: System, release: DebianRelease): readonly string[] {
  const { withKernel } = distributionOfRelease(release);
  return kernel === undefined ? packages : [...kernelPackages(release, kernel), ...packages, ...withKernel];
}

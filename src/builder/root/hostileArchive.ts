import { Budget, type UnpackLimits } from '../../appliance/archive/budget.ts';

/** An archive of a bundle that must not be unpacked: what is wrong with it, as the rest of a sentence. */
export class HostileArchive extends Error {
  override readonly name = 'HostileArchive';
}

/** Of everything the bundles put into an image, unpacked. */
export const bundleLimits: UnpackLimits = { bytes: 8 * 1024 ** 3, files: 200_000 };

/** What everything that is laid out for one image shares; it throws `HostileArchive`. */
export function bundleBudget(limits: UnpackLimits): Budget {
  return new Budget(limits, (of, most) => {
    const what = of === 'files' ? `it has more than ${most} files` : `it is larger than ${most} MB unpacked`;
    return new HostileArchive(`with all that is before it, ${what}`);
  });
}

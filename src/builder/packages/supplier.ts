import { distributionOfRelease } from '../plan/distributions.ts';
import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { PlannedRepository } from '../plan/sources.ts';

/** Who packages come from, in the words of sentences about it. */
export interface Supplier {
  readonly url: string;
  /** The beginning of a sentence. */
  readonly called: string;
  /** What to do when it does not have what is needed. */
  readonly instead: string;
  /** What to do when its signature is none. */
  readonly keys: string;
}

export function mirrorOf(release: DebianRelease, url: string): Supplier {
  const { name, keyringPackage } = distributionOfRelease(release);
  return {
    url,
    called: `The ${name} mirror ${url}`,
    instead: 'Use another mirror (FORGE_MIRROR).',
    keys: `Update the package ${keyringPackage}.`,
  };
}

export function supplierOf({ name, source }: PlannedRepository): Supplier {
  const at = `stack.os.repositories, “${name}”`;
  return {
    url: source.url,
    called: `The archive ${source.url}`,
    instead: `Correct ${at}, or leave it out.`,
    keys: `Correct “key” in ${at}.`,
  };
}

/** What to do about what may pass. */
export function laterOrInstead({ instead }: Supplier): string {
  return `Try again later, or ${instead.charAt(0).toLowerCase()}${instead.slice(1)}`;
}

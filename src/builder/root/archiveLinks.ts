import { posix } from 'node:path';
import { HostileArchive } from './hostileArchive.ts';

/** As many as Linux follows on one way (path_resolution(7)). */
const mostHops = 40;
/** Characters: longer is no path anywhere. */
const longestPath = 4096;
/** Parts of targets that are looked at: far more than any honest archive has, and a second at most. */
const mostSteps = 1_000_000;

interface Place {
  /** Relative to the archive; empty for its top. */
  readonly path: string;
  readonly hops: number;
}

/**
 * Follows every symbolic link of an archive as the kernel would once it is unpacked, one through the other: links that
 * stay inside one by one may lead out together (`l1 → ../..`, `l2 → y/l1/..`).
 * @param links targets by path, both relative
 * @throws {HostileArchive}
 */
export function checkLinks(links: ReadonlyMap<string, string>): void {
  const follower = new Follower(links);
  for (const link of links.keys()) follower.placeOf(link, 1);
}

class Follower {
  readonly #links: ReadonlyMap<string, string>;
  readonly #known = new Map<string, Place>();
  #steps = 0;

  constructor(links: ReadonlyMap<string, string>) {
    this.#links = links;
  }

  placeOf(link: string, depth: number): Place {
    const known = this.#known.get(link);
    if (known !== undefined) return known;
    const target = this.#links.get(link) ?? '';
    const leadsOut = (): HostileArchive =>
      new HostileArchive(`the link “${link}” leads out of it, to “${target.slice(0, 200)}”`);
    if (target.startsWith('/')) throw leadsOut();
    if (depth > mostHops) throw tooManyHops(link);
    let path = parentOf(link);
    let hops = 1;
    for (const part of target.split('/')) {
      if (part === '' || part === '.') continue;
      if (++this.#steps > mostSteps || path.length > longestPath) {
        throw new HostileArchive(`its links are too long to be followed, “${link}” among them`);
      }
      if (part === '..') {
        if (path === '') throw leadsOut();
        path = parentOf(path);
        continue;
      }
      path = path === '' ? part : `${path}/${part}`;
      if (!this.#links.has(path)) continue;
      const place = this.placeOf(path, depth + 1);
      path = place.path;
      hops += place.hops;
      if (hops > mostHops) throw tooManyHops(link);
    }
    const place = { path, hops };
    this.#known.set(link, place);
    return place;
  }
}

function parentOf(path: string): string {
  const parent = posix.dirname(path);
  return parent === '.' ? '' : parent;
}

function tooManyHops(link: string): HostileArchive {
  return new HostileArchive(`the link “${link}” leads through more than ${mostHops} others, or to itself`);
}

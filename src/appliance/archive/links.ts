import { posix } from 'node:path';

/** As many as Linux follows on one way (path_resolution(7)). */
const mostHops = 40;
/** Characters: longer is no path anywhere. */
const longestPath = 4096;
/** Parts of targets that are looked at: far more than any honest archive has, and a second at most. */
const mostSteps = 1_000_000;

/** What is wrong with a link: where it leads to, how many others it leads through, or that it takes too long to say. */
export interface LinkProblem {
  readonly kind: 'out' | 'hops' | 'long';
  readonly link: string;
  readonly target: string;
}

interface Place {
  /** Relative to the archive, empty for its top; undefined: somewhere in the image, as an absolute link says. */
  readonly path: string | undefined;
  readonly hops: number;
}

/**
 * Follows every symbolic link of an archive as the kernel would once it is unpacked, one through the other: links that
 * stay inside one by one may lead out together (`l1 → ../..`, `l2 → y/l1/..`).
 * @param links targets by path, which is relative
 * @param absolute whether absolute targets are where they say, in the image, or lead out
 */
export function linkProblem(
  links: ReadonlyMap<string, string>,
  absolute: 'in the image' | 'out',
): LinkProblem | undefined {
  const follower = new Follower(links, absolute);
  try {
    for (const link of links.keys()) follower.placeOf(link, 1);
    return undefined;
  } catch (error) {
    if (error instanceof WrongLink) return error.problem;
    throw error;
  }
}

class WrongLink extends Error {
  readonly problem: LinkProblem;

  constructor(problem: LinkProblem) {
    super(problem.kind);
    this.problem = problem;
  }
}

class Follower {
  readonly #links: ReadonlyMap<string, string>;
  readonly #absolute: 'in the image' | 'out';
  readonly #known = new Map<string, Place>();
  #steps = 0;

  constructor(links: ReadonlyMap<string, string>, absolute: 'in the image' | 'out') {
    this.#links = links;
    this.#absolute = absolute;
  }

  placeOf(link: string, depth: number): Place {
    const known = this.#known.get(link);
    if (known !== undefined) return known;
    const target = this.#links.get(link) ?? '';
    const wrong = (kind: LinkProblem['kind']): WrongLink => new WrongLink({ kind, link, target });
    if (target === '' || (target.startsWith('/') && this.#absolute === 'out')) throw wrong('out');
    if (depth > mostHops) throw wrong('hops');
    let path = target.startsWith('/') ? undefined : parentOf(link);
    let hops = 1;
    for (const part of target.split('/')) {
      // From there on it is the image's own way.
      if (path === undefined) break;
      if (part === '' || part === '.') continue;
      if (++this.#steps > mostSteps || path.length > longestPath) throw wrong('long');
      if (part === '..') {
        if (path === '') throw wrong('out');
        path = parentOf(path);
        continue;
      }
      path = path === '' ? part : `${path}/${part}`;
      if (!this.#links.has(path)) continue;
      const place = this.placeOf(path, depth + 1);
      path = place.path;
      hops += place.hops;
      if (hops > mostHops) throw wrong('hops');
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

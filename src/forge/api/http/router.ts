import { isPlainText } from './characters.ts';

/** What a router needs to know of an operation. */
export interface Routable {
  readonly method: string;
  readonly path: string;
  /** Its method is not among the possible ones. */
  readonly isUnserved?: true;
}

export interface Match<O extends Routable> {
  readonly operation: O;
  readonly params: Readonly<Record<string, string>>;
}

/** What a path means: an operation, or the methods that would mean one, or nothing. */
export type Routed<O extends Routable> = Match<O> | { readonly allow: readonly string[] } | undefined;

interface Pattern<O> {
  readonly operation: O;
  readonly segments: readonly Segment[];
  /** The same for what is at the same place; smaller for what wins. */
  readonly place: string;
}

interface Segment {
  /** The segment as it must be; undefined for a parameter. */
  readonly literal: string | undefined;
  readonly name: string;
  /** Takes the rest of the path. */
  readonly greedy: boolean;
}

/** Finds the operation of a request. A literal segment wins over a parameter in the same place. */
export class Router<O extends Routable> {
  readonly #patterns: readonly Pattern<O>[];

  constructor(operations: readonly O[]) {
    this.#patterns = operations
      .map((operation) => {
        const segments = segmentsOf(operation.path);
        return { operation, segments, place: placeOf(segments) };
      })
      .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0));
  }

  /** `path` is relative to the base URL, starts with a slash and is still percent-encoded. */
  route(method: string, path: string): Routed<O> {
    const parts = path.replace(/\/+$/, '').split('/').slice(1);
    const matches: { pattern: Pattern<O>; params: Record<string, string> }[] = [];
    let first: Pattern<O> | undefined;
    for (const pattern of this.#patterns) {
      if (!fits(pattern.segments, parts)) continue;
      const params = paramsOf(pattern.segments, parts);
      if (params === undefined) continue;
      first ??= pattern;
      matches.push({ pattern, params });
    }
    if (first === undefined) return undefined;
    const { place } = first;
    // The same place with another method: `/images/statuses` must not fall through to a DELETE of
    // `/images/{itid}`.
    const samePlace = matches.filter(({ pattern }) => pattern.place === place);
    const wanted = method === 'HEAD' ? 'GET' : method;
    const found = samePlace.find(({ pattern }) => pattern.operation.method === wanted);
    if (found !== undefined) return { operation: found.pattern.operation, params: found.params };
    const served = samePlace.filter(({ pattern }) => pattern.operation.isUnserved !== true);
    const methods = new Set(served.map(({ pattern }) => pattern.operation.method));
    if (methods.has('GET')) methods.add('HEAD');
    return { allow: [...methods, 'OPTIONS'].sort() };
  }
}

function segmentsOf(path: string): readonly Segment[] {
  return path
    .split('/')
    .slice(1)
    .map((text) => {
      const name = /^\{(.+)\}$/.exec(text)?.[1];
      return {
        literal: name === undefined ? text : undefined,
        name: name ?? '',
        greedy: name === 'filepath',
      };
    });
}

function placeOf(segments: readonly Segment[]): string {
  return segments
    .map(({ literal, greedy }) => (literal !== undefined ? `0${literal}` : greedy ? '2' : '1'))
    .join('/');
}

/** Whether the literals are in their places, from the end, where paths differ. */
function fits(segments: readonly Segment[], parts: readonly string[]): boolean {
  const greedy = segments.at(-1)?.greedy ?? false;
  if (greedy ? parts.length < segments.length : parts.length !== segments.length) return false;
  for (let index = segments.length - 1; index >= 0; index--) {
    const literal = segments[index]?.literal;
    if (literal !== undefined && literal !== parts[index]) return false;
  }
  return true;
}

/**
 * Of parts that fit. Undefined when one of them is empty, badly encoded or no plain text: nothing is called
 * so.
 */
function paramsOf(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.literal !== undefined) continue;
    const part = segment.greedy ? parts.slice(index).join('/') : (parts[index] ?? '');
    const value = decodePart(part);
    if (value === undefined || value === '') return undefined;
    params[segment.name] = value;
  }
  return params;
}

function decodePart(part: string): string | undefined {
  try {
    const text = decodeURIComponent(part);
    return isPlainText(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

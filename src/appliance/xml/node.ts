import { lastAtOrBefore } from '../text/sortedSearch.ts';

/** An attribute as it is written; offsets count from the `<` of its tag. */
export interface RawAttribute {
  readonly qualified: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * An element by itself. It knows neither its parent nor its place in the text: every offset counts from its own `<`,
 * so the one of an earlier version of a text can stand in a later one. Only the scanner changes it, while it reads it.
 */
export class XmlNode {
  readonly qualified: string;
  readonly prefix: string;
  readonly name: string;
  readonly attributes: readonly RawAttribute[];
  readonly contentStart: number;
  readonly empty: boolean;
  readonly children: XmlNode[] = [];
  /** Where each child's `<` is. */
  readonly starts: number[] = [];
  contentEnd: number;
  end: number;
  endName: number | undefined;
  closed = false;
  /** Finished, and so is all that is in it: it would be the same with any text around it. */
  whole = true;
  /** Levels of elements below. */
  height = 0;

  constructor(qualified: string, attributes: readonly RawAttribute[], contentStart: number, empty: boolean) {
    this.qualified = qualified;
    [this.prefix, this.name] = splitName(qualified);
    this.attributes = attributes;
    this.empty = empty;
    this.contentStart = this.contentEnd = this.end = contentStart;
  }
}

/** What two texts have in common at their ends. The two parts don't overlap in either text. */
export interface UnchangedParts {
  /** Length of the common beginning. */
  readonly head: number;
  /** Where the common end starts in the new text. */
  readonly tail: number;
  /** How much longer the new text is. */
  readonly growth: number;
}

/** Compared at once. */
const stride = 4096;

export function unchangedParts(before: string, now: string): UnchangedParts {
  const shorter = Math.min(before.length, now.length);
  let head = 0;
  while (head + stride <= shorter && before.startsWith(now.slice(head, head + stride), head)) head += stride;
  while (head < shorter && before.charCodeAt(head) === now.charCodeAt(head)) head++;
  let end = 0;
  const most = shorter - head;
  const [a, b] = [before.length - 1, now.length - 1];
  while (
    end + stride <= most &&
    before.endsWith(now.slice(now.length - end - stride, now.length - end), before.length - end)
  ) {
    end += stride;
  }
  while (end < most && before.charCodeAt(a - end) === now.charCodeAt(b - end)) end++;
  return { head, tail: now.length - end, growth: now.length - before.length };
}

/** The element of the text before that is still the same at an offset of the text now. */
export function wholeNodeAt(
  before: { readonly node: XmlNode; readonly start: number },
  { head, tail, growth }: UnchangedParts,
  at: number,
): XmlNode | undefined {
  const isAfter = at >= tail;
  if (!isAfter && at >= head) return undefined;
  let { node } = before;
  let offset = (isAfter ? at - growth : at) - before.start;
  while (offset > 0) {
    const index = lastAtOrBefore(node.starts, offset);
    const child = node.children[index];
    const start = node.starts[index];
    if (child === undefined || start === undefined || offset >= start + child.end) return undefined;
    node = child;
    offset -= start;
  }
  const fits = offset === 0 && node.closed && node.whole && (isAfter || at + node.end <= head);
  return fits ? node : undefined;
}

export function splitName(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(':');
  return colon <= 0 ? ['', qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

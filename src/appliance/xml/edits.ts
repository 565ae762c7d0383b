import type { Range, TextEdit } from '../text/problem.ts';
import { qualifiedName, type XmlElement, type XmlSource } from './element.ts';

/** Renames an element in its start tag and in its end tag. */
export function renameEdits(element: XmlElement, newName: string): TextEdit[] {
  const ranges = [element.nameRange, element.endNameRange];
  return ranges.flatMap((range) => (range === undefined ? [] : [{ range, newText: newName }]));
}

/**
 * Takes an element out, with its line when it has that for itself, or shares it only with the end tag of what it is
 * in.
 */
export function removeEdits({ text, places }: XmlSource, element: XmlElement): TextEdit[] {
  let blank = element.start;
  while (blank > 0 && isBlank(text[blank - 1])) blank--;
  let behind = element.end;
  while (behind < text.length && isBlank(text[behind])) behind++;
  const isFirst = blank > 0 && isLineEnd(text[blank - 1]);
  const isLast = behind === text.length || isLineEnd(text[behind]) || text.startsWith('</', behind);
  const lineEnd = text.startsWith('\r\n', blank - 2) ? 2 : 1;
  const from = isFirst && isLast ? blank - lineEnd : element.start;
  return [{ range: places.range(from, element.end), newText: '' }];
}

/** Replaces what is between the tags; an empty element gets tags. */
export function contentEdits({ places }: XmlSource, element: XmlElement, content: string): TextEdit[] {
  if (element.empty) {
    const range = places.range(element.contentStart - 2, element.contentStart);
    return [{ range, newText: `>${content}</${qualifiedName(element)}>` }];
  }
  return [{ range: places.range(element.contentStart, element.contentEnd), newText: content }];
}

/**
 * Puts an element into another, at the place the order of its names gives it, indented as its neighbours are.
 * `lines` is the new element; what is in it is indented by two blanks a level, which become what the text indents by.
 */
export function insertEdits(
  source: XmlSource,
  parent: XmlElement,
  order: readonly string[],
  name: string,
  lines: readonly string[],
): TextEdit[] {
  const index = order.indexOf(name);
  const before = parent.children.findLast((child) => {
    const at = order.indexOf(child.name);
    return at >= 0 && at < index;
  });
  return insertBehindEdits(source, parent, before, lines);
}

/** Puts an element into another, behind one of its children, else in front of all. `lines`: as in `insertEdits`. */
export function insertBehindEdits(
  source: XmlSource,
  parent: XmlElement,
  before: XmlElement | undefined,
  lines: readonly string[],
): TextEdit[] {
  const { text, places } = source;
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  const sibling = before ?? parent.children[0];
  const own = indentAt(text, parent.start);
  const step = indentStep(text, parent);
  const indent =
    sibling !== undefined ? indentAt(text, sibling.start) : own === undefined ? undefined : `${own}${step}`;
  if (indent === undefined) {
    // Everything is on one line: so is the new element.
    const newText = lines.map((line) => line.trim()).join('');
    if (parent.empty) return contentEdits(source, parent, newText);
    const at = before?.end ?? parent.contentStart;
    return [{ range: places.range(at, at), newText }];
  }
  const block = lines.map((line) => {
    const level = line.search(/\S/) / 2;
    return `${newLine}${indent}${step.repeat(level)}${line.trimStart()}`;
  });
  const newText = block.join('');
  if (parent.empty) return contentEdits(source, parent, `${newText}${newLine}${own ?? ''}`);
  const isEmpty = text.slice(parent.contentStart, parent.contentEnd).trim() === '';
  if (isEmpty) {
    const ending = own === undefined ? '' : `${newLine}${own}`;
    const range = places.range(
      parent.contentStart,
      own === undefined ? parent.contentStart : parent.contentEnd,
    );
    return [{ range, newText: `${newText}${ending}` }];
  }
  const at = behindItsComments(text, before?.end ?? parent.contentStart);
  return [{ range: places.range(at, at), newText }];
}

/**
 * Two elements of the same parent change places, each with the comments that are about it; what is between stays.
 * `fixed`: the value in one that belongs to the place, and goes to the other.
 */
export function swapEdits(
  source: XmlSource,
  first: XmlElement,
  second: XmlElement,
  fixed: (element: XmlElement) => Range | undefined = () => undefined,
): TextEdit[] {
  const { text, places } = source;
  const spans = [first, second].map((element) => {
    const { from, to } = withItsComments(text, element);
    const value = fixed(element);
    const [start, end] =
      value === undefined ? [to, to] : [places.offset(value.start), places.offset(value.end)];
    return { from, to, start, end };
  });
  return spans.map(({ from, to, start, end }, index) => {
    const other = spans[1 - index] ?? { from, to, start, end };
    const value = text.slice(start, end);
    const newText = text.slice(other.from, other.start) + value + text.slice(other.end, other.to);
    return { range: places.range(from, to), newText };
  });
}

/** An element with what is said about it: comments on lines of their own right above, and behind it on its line. */
function withItsComments(text: string, element: XmlElement): { readonly from: number; readonly to: number } {
  const { children = [], contentStart = 0 } = element.parent ?? {};
  const index = children.indexOf(element);
  const before = children[index - 1]?.end ?? contentStart;
  // What follows a tag on its line is about what the tag ends or begins.
  const start = behindItsComments(text, before);
  const above = /(?:<!--(?:(?!-->)[^])*-->[ \t]*(?:(?:\r\n|[\r\n])[ \t]*)?)+$/.exec(
    text.slice(start, element.start),
  );
  return { from: start + (above?.index ?? element.start - start), to: behindItsComments(text, element.end) };
}

/** The end of the comments that follow an offset on its line, when nothing else does but an end tag. */
function behindItsComments(text: string, offset: number): number {
  const comments = /(?:[ \t]*<!--(?:(?!-->)[^])*-->)+(?=[ \t]*(?:[\r\n]|$|<\/))/y;
  comments.lastIndex = offset;
  return offset + (comments.exec(text)?.[0].length ?? 0);
}

/**
 * Brings the children of an element into the order of the names, keeping those of the same name as they are. What
 * stands before a child (white space, comments) goes with it, and so does what follows it on its line.
 */
export function reorderEdits(
  { text, places }: XmlSource,
  parent: XmlElement,
  order: readonly string[],
): TextEdit[] {
  const { children } = parent;
  let from = parent.contentStart;
  let rank = -1;
  const pieces = children.map((child, index) => {
    const next = children[index + 1];
    const gap = next === undefined ? '' : text.slice(child.end, next.start);
    const lineEnd = gap.search(/[\r\n]/);
    const to = child.end + Math.max(lineEnd, 0);
    const known = order.indexOf(child.name);
    // An element nobody knows stays behind the one it follows.
    rank = known >= 0 ? known : rank;
    const piece = { rank, text: text.slice(from, to) };
    from = to;
    return piece;
  });
  const newText = pieces
    .toSorted((a, b) => a.rank - b.rank)
    .map((piece) => piece.text)
    .join('');
  return [{ range: places.range(parent.contentStart, from), newText }];
}

/** What the text indents a level by: the difference between the nearest element on its own line and what it is in. */
function indentStep(text: string, element: XmlElement): string {
  for (let parent: XmlElement | undefined = element; parent !== undefined; parent = parent.parent) {
    const outer = indentAt(text, parent.start);
    const [child] = parent.children;
    const inner = child && indentAt(text, child.start);
    if (outer !== undefined && inner?.startsWith(outer) === true && inner !== outer) {
      return inner.slice(outer.length);
    }
  }
  return '  ';
}

/** The white space before something that starts its line, else `undefined`. */
function indentAt(text: string, offset: number): string | undefined {
  return /(?:^|[\r\n])([ \t]*)$/.exec(text.slice(Math.max(0, offset - 1000), offset))?.[1];
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

function isLineEnd(character: string | undefined): boolean {
  return character === '\n' || character === '\r';
}

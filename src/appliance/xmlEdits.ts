import type { TextEdit } from './problem.ts';
import type { TextPlaces } from './textPlaces.ts';
import { qualifiedName, type XmlElement } from './xmlElement.ts';

/** The text an element is in. */
export interface XmlSource {
  readonly text: string;
  readonly places: TextPlaces;
}

/** Renames an element in its start tag and in its end tag. */
export function renameEdits(element: XmlElement, newName: string): TextEdit[] {
  const ranges = [element.nameRange, element.endNameRange];
  return ranges.flatMap((range) => (range === undefined ? [] : [{ range, newText: newName }]));
}

/** Takes an element out, with its line when it has that for itself. */
export function removeEdits({ text, places }: XmlSource, element: XmlElement): TextEdit[] {
  let blank = element.start;
  while (blank > 0 && isBlank(text[blank - 1])) blank--;
  let behind = element.end;
  while (behind < text.length && isBlank(text[behind])) behind++;
  const isFirst = blank > 0 && isLineEnd(text[blank - 1]);
  const aloneOnLine = isFirst && (behind === text.length || isLineEnd(text[behind]));
  const lineEnd = text.startsWith('\r\n', blank - 2) ? 2 : 1;
  const from = aloneOnLine ? blank - lineEnd : element.start;
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
 * `lines` is the new element; what is in it is indented by two blanks a level.
 */
export function insertEdits(
  source: XmlSource,
  parent: XmlElement,
  order: readonly string[],
  name: string,
  lines: readonly string[],
): TextEdit[] {
  const { text, places } = source;
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  const index = order.indexOf(name);
  const before = parent.children.findLast((child) => {
    const at = order.indexOf(child.name);
    return at >= 0 && at < index;
  });
  const [first] = parent.children;
  const sibling = before ?? first;
  const own = indentAt(text, parent.start);
  const indent =
    sibling !== undefined ? indentAt(text, sibling.start) : own === undefined ? undefined : `${own}  `;
  if (indent === undefined) {
    // Everything is on one line: so is the new element.
    const newText = lines.map((line) => line.trim()).join('');
    if (parent.empty) return contentEdits(source, parent, newText);
    const at = before?.end ?? parent.contentStart;
    return [{ range: places.range(at, at), newText }];
  }
  const block = lines.map((line) => `${newLine}${indent}${line}`).join('');
  if (parent.empty) return contentEdits(source, parent, `${block}${newLine}${own ?? ''}`);
  const at = before?.end ?? parent.contentStart;
  const isBlank = text.slice(parent.contentStart, parent.contentEnd).trim() === '';
  const ending = isBlank && own !== undefined ? `${newLine}${own}` : '';
  const to = isBlank ? parent.contentEnd : at;
  return [{ range: places.range(at, to), newText: `${block}${ending}` }];
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

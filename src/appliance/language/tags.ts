import { TextPlaces } from '../text/places.ts';
import { elementAt, qualifiedName, type XmlElement } from '../xml/element.ts';
import { scanXml } from '../xml/scanner.ts';
import type { Piece } from './outline.ts';

/** The names in an element's two tags, as offsets into the text. */
export interface TagPair {
  readonly start: Piece;
  readonly end: Piece;
}

/** The two names that change together when one of them is typed in: those of an element that has both tags. */
export function tagPairAt(text: string, offset: number): TagPair | undefined {
  const places = new TextPlaces(text);
  const element = elementAt(scanXml(text, places), offset);
  const pair = element && pairOf(element, places);
  if (pair === undefined) return undefined;
  return isIn(pair.start, offset) || isIn(pair.end, offset) ? pair : undefined;
}

/** What can be folded, by its first and last line: elements without their end tag, and comments. */
export interface Fold {
  readonly startLine: number;
  readonly endLine: number;
  readonly kind: 'element' | 'comment';
}

export function foldsOf(text: string): readonly Fold[] {
  const places = new TextPlaces(text);
  const folds: Fold[] = [];
  const visit = (element: XmlElement): void => {
    const startLine = places.position(element.start).line;
    const last = element.empty ? element.end : element.contentEnd;
    const before = text.slice(element.contentStart, last).trimEnd();
    const endsAlone = element.contentStart + before.length;
    const endLine = Math.max(
      places.position(last).line - (/[\r\n][ \t]*$/.test(text.slice(endsAlone, last)) ? 1 : 0),
      startLine,
    );
    if (element.children.length > 0 && endLine > startLine)
      folds.push({ startLine, endLine, kind: 'element' });
    element.children.forEach(visit);
  };
  const root = scanXml(text, places);
  if (root !== undefined) visit(root);
  // One without an end goes on to the end: looked for behind each, that takes the square of their number.
  for (const { 0: comment, index } of text.matchAll(/<!--[\s\S]*?(?:-->|$)/g)) {
    if (!comment.endsWith('-->')) continue;
    const startLine = places.position(index).line;
    const endLine = places.position(index + comment.length).line;
    if (endLine > startLine) folds.push({ startLine, endLine, kind: 'comment' });
  }
  return folds;
}

export function pairOf(element: XmlElement, places: TextPlaces): TagPair | undefined {
  const { endNameRange } = element;
  if (endNameRange === undefined) return undefined;
  const { length } = qualifiedName(element);
  const start = element.start + 1;
  const end = places.offset(endNameRange.start);
  return { start: { from: start, to: start + length }, end: { from: end, to: end + length } };
}

/** The cursor may stand right behind a name, too. */
export function isIn({ from, to }: Piece, offset: number): boolean {
  return offset >= from && offset <= to;
}

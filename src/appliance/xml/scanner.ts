import type { TextPlaces } from '../text/places.ts';
import { decoded, ScannedElement, type RawAttribute } from './scannedElement.ts';

/** Nested deeper than this nothing is read. */
export const maxDepth = 100;

const nameStart = String.raw`:A-Z_a-z\u00C0-\uFFFD`;
const namePattern = new RegExp(`[${nameStart}][${nameStart}0-9.\\u00B7-]*`, 'y');
const spacePattern = /\s*/y;
/** What stands between tags and is neither text nor an element, by what it begins with; longer ones first. */
const asides: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

/**
 * Reads any text as far as it is XML, into its first element, however unfinished; further ones are left out. Never
 * fails: a tag without its `>` ends before the next `<`, an element without an end tag ends with its parent, an end tag
 * nobody waits for is passed over. Whether the text is well-formed is not its business (see `parseXml`).
 */
export function scanXml(text: string, places: TextPlaces): ScannedElement | undefined {
  const source = { text, places };
  const open: ScannedElement[] = [];
  let root: ScannedElement | undefined;
  let at = 0;
  for (let tag = text.indexOf('<'); tag >= 0; tag = text.indexOf('<', at)) {
    const aside = asides.find(([start]) => text.startsWith(start, tag));
    if (aside !== undefined) {
      const found = text.indexOf(aside[1], tag + aside[0].length);
      at = found < 0 ? text.length : found + aside[1].length;
    } else if (text.startsWith('</', tag)) {
      const name = matchAt(namePattern, text, tag + 2);
      const nameEnd = tag + 2 + name.length;
      const gap = matchAt(spacePattern, text, nameEnd).length;
      at = text[nameEnd + gap] === '>' ? nameEnd + gap + 1 : nameEnd;
      const index = name === '' ? -1 : open.findLastIndex(({ qualified }) => qualified === name);
      if (index < 0) continue;
      const [closed, ...unclosed] = open.splice(index);
      for (const each of unclosed) each.endAt(tag);
      closed?.closeAt(tag, at);
    } else {
      const qualified = matchAt(namePattern, text, tag + 1);
      at = tag + 1 + qualified.length;
      if (qualified === '') continue;
      const attributes: RawAttribute[] = [];
      at = readAttributes(text, at, attributes);
      const isEmpty = text.startsWith('/>', at);
      const finished = isEmpty || text[at] === '>';
      at += isEmpty ? 2 : finished ? 1 : 0;
      const parent = open.at(-1);
      if ((parent === undefined && root !== undefined) || open.length >= maxDepth) continue;
      const written = { qualified, attributes, start: tag, contentStart: at, empty: isEmpty };
      const element = new ScannedElement(source, written, parent);
      root ??= element;
      if (isEmpty) element.closed = true;
      else if (finished) open.push(element);
    }
  }
  for (const each of open) each.endAt(text.length);
  return root;
}

/** Reads attributes up to `>`, `/>`, the next `<` or the end, and says where that is. */
function readAttributes(text: string, from: number, found: RawAttribute[]): number {
  let at = from;
  for (;;) {
    at += matchAt(spacePattern, text, at).length;
    const next = text[at];
    if (next === undefined || next === '>' || next === '<' || text.startsWith('/>', at)) return at;
    const qualified = matchAt(namePattern, text, at);
    if (qualified === '') {
      at++;
      continue;
    }
    const start = at;
    at += qualified.length;
    const equals = at + matchAt(spacePattern, text, at).length;
    if (text[equals] !== '=') continue;
    const opening = equals + 1 + matchAt(spacePattern, text, equals + 1).length;
    const quote = text[opening];
    if (quote !== '"' && quote !== "'") {
      at = equals + 1;
      continue;
    }
    let end = opening + 1;
    while (end < text.length && text[end] !== quote && text[end] !== '<') end++;
    at = text[end] === quote ? end + 1 : end;
    const value = decoded(text.slice(opening + 1, end)).replaceAll(/[\n\t]/g, ' ');
    found.push({ qualified, value, from: start, to: at, valueStart: opening + 1, valueEnd: end });
  }
}

/** What matches right there; the pattern is sticky and matches the empty text or nothing otherwise. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

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

  /** Each reads what begins at a `<`, and says where it ends. */
  const endTag = (tag: number): number => {
    const name = matchAt(namePattern, text, tag + 2);
    const nameEnd = tag + 2 + name.length;
    const gap = matchAt(spacePattern, text, nameEnd).length;
    const end = text[nameEnd + gap] === '>' ? nameEnd + gap + 1 : nameEnd;
    const index = name === '' ? -1 : open.findLastIndex(({ qualified }) => qualified === name);
    const [closed, ...unclosed] = index < 0 ? [] : open.splice(index);
    for (const each of unclosed) each.endAt(tag);
    closed?.closeAt(tag, end);
    return end;
  };
  const startTag = (tag: number): number => {
    const qualified = matchAt(namePattern, text, tag + 1);
    if (qualified === '') return tag + 1;
    const attributes: RawAttribute[] = [];
    const at = readAttributes(text, tag + 1 + qualified.length, attributes);
    const empty = text.startsWith('/>', at);
    const isFinished = empty || text[at] === '>';
    const contentStart = at + (empty ? 2 : isFinished ? 1 : 0);
    const parent = open.at(-1);
    if ((parent === undefined && root !== undefined) || open.length >= maxDepth) return contentStart;
    const written = { qualified, attributes, start: tag, contentStart, empty };
    const element = new ScannedElement(source, written, parent);
    root ??= element;
    if (empty) element.closed = true;
    else if (isFinished) open.push(element);
    return contentStart;
  };

  for (let tag = text.indexOf('<'); tag >= 0;) {
    const end = endOfAside(text, tag) ?? (text.startsWith('</', tag) ? endTag(tag) : startTag(tag));
    tag = text.indexOf('<', end);
  }
  for (const each of open) each.endAt(text.length);
  return root;
}

function endOfAside(text: string, at: number): number | undefined {
  const [start, end] = asides.find(([each]) => text.startsWith(each, at)) ?? [];
  if (start === undefined || end === undefined) return undefined;
  const found = text.indexOf(end, at + start.length);
  return found < 0 ? text.length : found + end.length;
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

import type { Range } from '../text/problem.ts';
import { RecentTexts } from '../text/recentTexts.ts';
import type { TextPlaces } from '../text/places.ts';
import { xmlNamespace, xmlnsNamespace, type XmlAttribute, type XmlElement } from './element.ts';
import { splitName, unchangedParts, wholeNodeAt, XmlNode, type RawAttribute } from './node.ts';

/** Nested deeper than this nothing is read. */
export const maxDepth = 100;

export interface ScannedXml {
  /** The first element, however unfinished; further ones are left out. */
  readonly root: XmlElement | undefined;
  /** The same as it is kept from one version of a text to the next, with where it starts. */
  readonly tree: { readonly node: XmlNode; readonly start: number } | undefined;
  /** The first start tag that was nested too deeply. */
  readonly tooDeep: { readonly from: number; readonly to: number } | undefined;
}

const nameStart = String.raw`:A-Z_a-z\u00C0-\uFFFD`;
const namePattern = new RegExp(`[${nameStart}][${nameStart}0-9.\\u00B7-]*`, 'y');
const spacePattern = /\s*/y;

interface Scan {
  readonly text: string;
  readonly tree: ScannedXml['tree'];
  readonly tooDeep: ScannedXml['tooDeep'];
}

const recent = new RecentTexts<Scan>();
/** Shorter than this a text is read faster than it is compared. */
const worthKeeping = 4096;

/**
 * Reads any text as far as it is XML. Never fails: a tag without its `>` ends before the next `<`, an element
 * without an end tag ends with its parent, an end tag nobody waits for is passed over. Whether the text is
 * well-formed is not its business (see `parseXml`). What has not changed since a text before is not read again.
 */
export function scanXml(text: string, places: TextPlaces): ScannedXml {
  const { tree, tooDeep } = treeOf(text);
  const root = tree && new PlacedElement(text, places, tree.node, tree.start, undefined);
  return { root, tree, tooDeep };
}

function treeOf(text: string): Scan {
  if (text.length < worthKeeping) return readTree(text, undefined);
  const known = recent.find(text);
  if (known !== undefined) return known;
  const scan = readTree(text, recent.newest);
  recent.keep(scan);
  return scan;
}

interface OpenElement {
  readonly node: XmlNode;
  readonly start: number;
}

function readTree(text: string, before: Scan | undefined): Scan {
  const open: OpenElement[] = [];
  const parts = before === undefined ? undefined : unchangedParts(before.text, text);
  let tree: ScannedXml['tree'];
  let tooDeep: ScannedXml['tooDeep'];
  let at = 0;

  const skipPast = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from);
    return found < 0 ? text.length : found + mark.length;
  };
  /** A finished element is the same wherever it stands: its parent learns whether it is. */
  const leave = ({ node, start }: OpenElement, contentEnd: number, end: number, whole: boolean): void => {
    node.contentEnd = contentEnd - start;
    node.end = end - start;
    node.whole &&= whole;
    const parent = open.at(-1)?.node;
    if (parent !== undefined) {
      parent.whole &&= node.whole;
      parent.height = Math.max(parent.height, node.height + 1);
    }
  };
  const close = (index: number, contentEnd: number, end: number, endName: number, whole: boolean): void => {
    while (open.length > index + 1) {
      const inner = open.pop();
      if (inner !== undefined) leave(inner, contentEnd, contentEnd, false);
    }
    const top = open.pop();
    if (top === undefined) return;
    top.node.closed = true;
    top.node.endName = endName - top.start;
    leave(top, contentEnd, end, whole);
  };
  const add = (node: XmlNode, start: number): void => {
    const parent = open.at(-1);
    parent?.node.children.push(node);
    parent?.node.starts.push(start - parent.start);
    if (parent === undefined) tree = { node, start };
  };

  while (at < text.length) {
    const tag = text.indexOf('<', at);
    if (tag < 0) break;
    const parent = open.at(-1);
    if (text.startsWith('<!--', tag)) {
      at = skipPast('-->', tag + 4);
    } else if (text.startsWith('<![CDATA[', tag)) {
      at = skipPast(']]>', tag + 9);
    } else if (text.startsWith('<?', tag)) {
      at = skipPast('?>', tag + 2);
    } else if (text.startsWith('<!', tag)) {
      at = skipPast('>', tag + 2);
    } else if (text.startsWith('</', tag)) {
      const name = matchAt(namePattern, text, tag + 2);
      const gap = matchAt(spacePattern, text, tag + 2 + name.length).length;
      const finished = text[tag + 2 + name.length + gap] === '>';
      at = tag + 2 + name.length + (finished ? gap + 1 : 0);
      const index = name === '' ? -1 : open.findLastIndex(({ node }) => node.qualified === name);
      if (index >= 0) close(index, tag, at, tag + 2, finished);
      // With another parent it might have closed that.
      else if (parent !== undefined) parent.node.whole = false;
    } else {
      const known =
        before?.tree === undefined || parts === undefined || (parent === undefined && tree !== undefined)
          ? undefined
          : wholeNodeAt(before.tree, parts, tag);
      if (known !== undefined && open.length + known.height < maxDepth) {
        add(known, tag);
        if (parent !== undefined) parent.node.height = Math.max(parent.node.height, known.height + 1);
        at = tag + known.end;
        continue;
      }
      const name = matchAt(namePattern, text, tag + 1);
      at = tag + 1 + name.length;
      if (name === '') continue;
      const attributes: RawAttribute[] = [];
      at = readAttributes(text, at, tag, attributes);
      const isEmpty = text.startsWith('/>', at);
      const finished = isEmpty || text[at] === '>';
      at += isEmpty ? 2 : finished ? 1 : 0;
      if (parent === undefined && tree !== undefined) continue;
      if (open.length >= maxDepth) {
        tooDeep ??= { from: tag + 1, to: tag + 1 + name.length };
        if (parent !== undefined) parent.node.whole = false;
        continue;
      }
      const node = new XmlNode(name, attributes, at - tag, isEmpty);
      add(node, tag);
      if (finished && !isEmpty) open.push({ node, start: tag });
      else {
        node.closed = finished;
        leave({ node, start: tag }, at, at, finished);
      }
    }
  }
  for (let top = open.pop(); top !== undefined; top = open.pop()) leave(top, text.length, text.length, false);
  return { text, tree, tooDeep };
}

/** Reads attributes up to `>`, `/>`, the next `<` or the end, and says where that is. Places count from the tag. */
function readAttributes(text: string, from: number, tag: number, found: RawAttribute[]): number {
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
    const value = decode(text.slice(opening + 1, end)).replaceAll(/[\n\t]/g, ' ');
    found.push({
      qualified,
      value,
      from: start - tag,
      to: at - tag,
      valueStart: opening + 1 - tag,
      valueEnd: end - tag,
    });
  }
}

/** An element of the tree at its place in a text. */
class PlacedElement implements XmlElement {
  readonly name: string;
  readonly prefix: string;
  readonly parent: PlacedElement | undefined;
  readonly start: number;
  readonly #source: string;
  readonly #places: TextPlaces;
  readonly #node: XmlNode;
  #children: readonly PlacedElement[] | undefined;
  #text: string | undefined;

  constructor(
    source: string,
    places: TextPlaces,
    node: XmlNode,
    start: number,
    parent: PlacedElement | undefined,
  ) {
    this.#source = source;
    this.#places = places;
    this.#node = node;
    this.parent = parent;
    this.start = start;
    this.prefix = node.prefix;
    this.name = node.name;
  }

  get children(): readonly PlacedElement[] {
    const { children, starts } = this.#node;
    this.#children ??= children.map(
      (child, index) =>
        new PlacedElement(this.#source, this.#places, child, this.start + (starts[index] ?? 0), this),
    );
    return this.#children;
  }

  get written(): object {
    return this.#node;
  }

  get contentStart(): number {
    return this.start + this.#node.contentStart;
  }

  get contentEnd(): number {
    return this.start + this.#node.contentEnd;
  }

  get end(): number {
    return this.start + this.#node.end;
  }

  get closed(): boolean {
    return this.#node.closed;
  }

  get empty(): boolean {
    return this.#node.empty;
  }

  get text(): string {
    this.#text ??= this.#ownText().trim();
    return this.#text;
  }

  get namespace(): string {
    return this.resolvePrefix(this.prefix) ?? '';
  }

  get attributes(): readonly XmlAttribute[] {
    return this.#node.attributes.map(({ qualified, value, from, to, valueStart, valueEnd }) => {
      const [prefix, name] = splitName(qualified);
      // An attribute without a prefix is in no namespace, whatever the default is.
      const namespace = prefix === '' ? '' : this.resolvePrefix(prefix);
      const range = this.#places.range(this.start + from, this.start + to);
      const [start, end] = [this.start + valueStart, this.start + valueEnd];
      return { name, prefix, namespace, value, range, valueStart: start, valueEnd: end };
    });
  }

  get nameRange(): Range {
    return this.#places.range(this.start + 1, this.start + 1 + this.#node.qualified.length);
  }

  get endNameRange(): Range | undefined {
    const { endName, qualified } = this.#node;
    if (endName === undefined) return undefined;
    return this.#places.range(this.start + endName, this.start + endName + qualified.length);
  }

  get textRange(): Range {
    if (this.text === '') return this.nameRange;
    const content = this.#source.slice(this.contentStart, this.contentEnd);
    const start = this.contentStart + content.length - content.trimStart().length;
    return this.#places.range(start, start + content.trim().length);
  }

  resolvePrefix(prefix: string): string | undefined {
    if (prefix === 'xml') return xmlNamespace;
    if (prefix === 'xmlns') return xmlnsNamespace;
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    const own = this.#node.attributes.find(({ qualified }) => qualified === declaration);
    return own === undefined ? this.parent?.resolvePrefix(prefix) : own.value;
  }

  /** What stands between the tags and beside the children. */
  #ownText(): string {
    const { children, starts, contentStart, contentEnd } = this.#node;
    let text = '';
    let at = contentStart;
    for (const [index, child] of children.entries()) {
      const next = starts[index] ?? at;
      text += textBetween(this.#source, this.start + at, this.start + next);
      at = next + child.end;
    }
    return text + textBetween(this.#source, this.start + at, this.start + contentEnd);
  }
}

/** The text of a piece without elements: no comments, references resolved, CDATA as it is. */
function textBetween(source: string, from: number, to: number): string {
  const piece = source.slice(from, to);
  if (!piece.includes('<')) return decode(piece);
  return piece
    .split(
      /(<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<![^>]*>?|<\/[^\s<>]*\s*>?|<)/,
    )
    .map((part, index) => {
      if (index % 2 === 0) return decode(part);
      if (!part.startsWith('<![CDATA[')) return '';
      return part.slice(9, part.endsWith(']]>') ? -3 : undefined).replaceAll(/\r\n?/g, '\n');
    })
    .join('');
}

/** What matches right there; the pattern is sticky and matches the empty text or nothing otherwise. */
function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Line ends made one, references resolved; those XML does not know stay as they are. */
function decode(raw: string): string {
  const text = raw.includes('\r') ? raw.replaceAll(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex, decimal, name) => {
    if (typeof name === 'string') return Object.hasOwn(named, name) ? (named[name] ?? all) : all;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

import type { Range } from './problem.ts';
import type { TextPlaces } from './textPlaces.ts';
import { xmlNamespace, xmlnsNamespace, type XmlAttribute, type XmlElement } from './xmlElement.ts';

/** Nested deeper than this nothing is read. */
export const maxDepth = 100;

export interface ScannedXml {
  /** The first element, however unfinished; further ones are left out. */
  readonly root: XmlElement | undefined;
  /** The first start tag that was nested too deeply. */
  readonly tooDeep: { readonly from: number; readonly to: number } | undefined;
}

const nameStart = String.raw`:A-Z_a-z\u00C0-\uFFFD`;
const namePattern = new RegExp(`[${nameStart}][${nameStart}0-9.\\u00B7-]*`, 'y');
const spacePattern = /\s*/y;

/**
 * Reads any text as far as it is XML. Never fails: a tag without its `>` ends before the next `<`, an element
 * without an end tag ends with its parent, an end tag nobody waits for is passed over. Whether the text is
 * well-formed is not its business (see `parseXml`).
 */
export function scanXml(text: string, places: TextPlaces): ScannedXml {
  const open: Node[] = [];
  let root: Node | undefined;
  let tooDeep: ScannedXml['tooDeep'];
  let at = 0;

  const skipPast = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from);
    return found < 0 ? text.length : found + mark.length;
  };
  const close = (node: Node, contentEnd: number, end: number, endName?: number): void => {
    let top = open.pop();
    while (top !== undefined && top !== node) {
      top.contentEnd = top.end = contentEnd;
      top = open.pop();
    }
    Object.assign(node, { contentEnd, end, closed: true });
    if (endName !== undefined) node.endName = endName;
  };

  while (at < text.length) {
    const tag = text.indexOf('<', at);
    const textEnd = tag < 0 ? text.length : tag;
    open.at(-1)?.addText(decode(text.slice(at, textEnd)));
    if (tag < 0) break;
    if (text.startsWith('<!--', tag)) {
      at = skipPast('-->', tag + 4);
    } else if (text.startsWith('<![CDATA[', tag)) {
      at = skipPast(']]>', tag + 9);
      const end = text.endsWith(']]>', at) ? at - 3 : at;
      open.at(-1)?.addText(text.slice(tag + 9, end).replaceAll(/\r\n?/g, '\n'));
    } else if (text.startsWith('<?', tag)) {
      at = skipPast('?>', tag + 2);
    } else if (text.startsWith('<!', tag)) {
      at = skipPast('>', tag + 2);
    } else if (text.startsWith('</', tag)) {
      const name = matchAt(namePattern, text, tag + 2);
      const gap = matchAt(spacePattern, text, tag + 2 + name.length).length;
      const finished = text[tag + 2 + name.length + gap] === '>';
      at = tag + 2 + name.length + (finished ? gap + 1 : 0);
      const node = open.findLast((each) => each.qualified === name);
      if (node !== undefined && name !== '') close(node, tag, at, tag + 2);
    } else {
      const name = matchAt(namePattern, text, tag + 1);
      at = tag + 1 + name.length;
      if (name === '') continue;
      const parent = open.at(-1);
      const attributes: RawAttribute[] = [];
      at = readAttributes(text, at, attributes);
      const isEmpty = text.startsWith('/>', at);
      const finished = isEmpty || text[at] === '>';
      at += isEmpty ? 2 : finished ? 1 : 0;
      if (parent === undefined && root !== undefined) continue;
      if (open.length >= maxDepth) {
        tooDeep ??= { from: tag + 1, to: tag + 1 + name.length };
        continue;
      }
      const node = new Node(text, places, parent, name, tag, at, attributes);
      node.empty = isEmpty;
      root ??= node;
      parent?.children.push(node);
      if (finished && !isEmpty) open.push(node);
      else node.closed = finished;
    }
  }
  for (const node of open) node.contentEnd = node.end = text.length;
  return { root, tooDeep };
}

interface RawAttribute {
  readonly qualified: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly valueStart: number;
  readonly valueEnd: number;
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
    const value = decode(text.slice(opening + 1, end)).replaceAll(/[\n\t]/g, ' ');
    found.push({ qualified, value, from: start, to: at, valueStart: opening + 1, valueEnd: end });
  }
}

class Node implements XmlElement {
  readonly name: string;
  readonly prefix: string;
  readonly qualified: string;
  readonly parent: Node | undefined;
  readonly children: Node[] = [];
  readonly start: number;
  readonly contentStart: number;
  contentEnd: number;
  end: number;
  /** Offset of the name in the end tag. */
  endName: number | undefined;
  closed = false;
  empty = false;
  readonly #source: string;
  readonly #places: TextPlaces;
  readonly #raw: readonly RawAttribute[];
  #text = '';

  constructor(
    source: string,
    places: TextPlaces,
    parent: Node | undefined,
    qualified: string,
    start: number,
    contentStart: number,
    attributes: readonly RawAttribute[],
  ) {
    this.#source = source;
    this.#places = places;
    this.parent = parent;
    this.qualified = qualified;
    [this.prefix, this.name] = split(qualified);
    this.start = start;
    this.contentStart = this.contentEnd = this.end = contentStart;
    this.#raw = attributes;
  }

  addText(text: string): void {
    this.#text += text;
  }

  get text(): string {
    return this.#text.trim();
  }

  get namespace(): string {
    return this.resolvePrefix(this.prefix) ?? '';
  }

  get attributes(): readonly XmlAttribute[] {
    return this.#raw.map(({ qualified, value, from, to, valueStart, valueEnd }) => {
      const [prefix, name] = split(qualified);
      // An attribute without a prefix is in no namespace, whatever the default is.
      const namespace = prefix === '' ? '' : this.resolvePrefix(prefix);
      return { name, prefix, namespace, value, range: this.#places.range(from, to), valueStart, valueEnd };
    });
  }

  get nameRange(): Range {
    return this.#places.range(this.start + 1, this.start + 1 + this.qualified.length);
  }

  get endNameRange(): Range | undefined {
    if (this.endName === undefined) return undefined;
    return this.#places.range(this.endName, this.endName + this.qualified.length);
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
    const own = this.#raw.find(({ qualified }) => qualified === declaration);
    return own === undefined ? this.parent?.resolvePrefix(prefix) : own.value;
  }
}

function split(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(':');
  return colon <= 0 ? ['', qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
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

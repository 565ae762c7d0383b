import type { Range } from '../text/problem.ts';
import {
  xmlNamespace,
  xmlnsNamespace,
  type XmlAttribute,
  type XmlElement,
  type XmlSource,
} from './element.ts';

/** An attribute as it is written; offsets are into the text. */
export interface RawAttribute {
  readonly qualified: string;
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** What a start tag says. */
interface StartTag {
  readonly qualified: string;
  readonly attributes: readonly RawAttribute[];
  readonly start: number;
  readonly contentStart: number;
  readonly empty: boolean;
}

/** An element as the scanner reads it, which alone changes it. What few ask for is found out when somebody does. */
export class ScannedElement implements XmlElement {
  readonly qualified: string;
  readonly name: string;
  readonly prefix: string;
  readonly parent: ScannedElement | undefined;
  readonly children: ScannedElement[] = [];
  readonly start: number;
  readonly contentStart: number;
  readonly empty: boolean;
  contentEnd: number;
  end: number;
  closed = false;
  readonly #source: XmlSource;
  readonly #attributes: readonly RawAttribute[];
  #text: string | undefined;

  constructor(source: XmlSource, tag: StartTag, parent: ScannedElement | undefined) {
    this.#source = source;
    this.#attributes = tag.attributes;
    this.qualified = tag.qualified;
    [this.prefix, this.name] = splitName(tag.qualified);
    this.parent = parent;
    this.start = tag.start;
    this.contentStart = this.contentEnd = this.end = tag.contentStart;
    this.empty = tag.empty;
    parent?.children.push(this);
  }

  /** It has an end tag, from here to there. */
  closeAt(endTag: number, end: number): void {
    this.closed = true;
    this.contentEnd = endTag;
    this.end = end;
  }

  /** What is around it ends before it does. */
  endAt(end: number): void {
    this.contentEnd = this.end = end;
  }

  get text(): string {
    this.#text ??= this.#ownText().trim();
    return this.#text;
  }

  get namespace(): string {
    return this.resolvePrefix(this.prefix) ?? '';
  }

  get attributes(): readonly XmlAttribute[] {
    return this.#attributes.map(({ qualified, value, from, to, valueStart, valueEnd }) => {
      const [prefix, name] = splitName(qualified);
      // An attribute without a prefix is in no namespace, whatever the default is.
      const namespace = prefix === '' ? '' : this.resolvePrefix(prefix);
      return { name, prefix, namespace, value, range: this.#range(from, to), valueStart, valueEnd };
    });
  }

  get nameRange(): Range {
    return this.#range(this.start + 1, this.start + 1 + this.qualified.length);
  }

  get endNameRange(): Range | undefined {
    if (!this.closed || this.empty) return undefined;
    return this.#range(this.contentEnd + 2, this.contentEnd + 2 + this.qualified.length);
  }

  get textRange(): Range {
    if (this.text === '') return this.nameRange;
    const content = this.#source.text.slice(this.contentStart, this.contentEnd);
    const start = this.contentStart + content.length - content.trimStart().length;
    return this.#range(start, start + content.trim().length);
  }

  resolvePrefix(prefix: string): string | undefined {
    if (prefix === 'xml') return xmlNamespace;
    if (prefix === 'xmlns') return xmlnsNamespace;
    const declaration = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    const own = this.#attributes.find(({ qualified }) => qualified === declaration);
    return own === undefined ? this.parent?.resolvePrefix(prefix) : own.value;
  }

  #range(from: number, to: number): Range {
    return this.#source.places.range(from, to);
  }

  /** What stands between the tags and beside the children. */
  #ownText(): string {
    let text = '';
    let at = this.contentStart;
    for (const child of this.children) {
      text += textOf(this.#source.text.slice(at, child.start));
      at = child.end;
    }
    return text + textOf(this.#source.text.slice(at, this.contentEnd));
  }
}

function splitName(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(':');
  return colon <= 0 ? ['', qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

/** The text of a piece without elements: no comments, references resolved, CDATA as it is. */
function textOf(piece: string): string {
  if (!piece.includes('<')) return decoded(piece);
  return piece
    .split(
      /(<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<\?[\s\S]*?(?:\?>|$)|<![^>]*>?|<\/[^\s<>]*\s*>?|<)/,
    )
    .map((part, index) => {
      if (index % 2 === 0) return decoded(part);
      if (!part.startsWith('<![CDATA[')) return '';
      return part.slice(9, part.endsWith(']]>') ? -3 : undefined).replaceAll(/\r\n?/g, '\n');
    })
    .join('');
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Line ends made one, references resolved; those XML does not know stay as they are. */
export function decoded(raw: string): string {
  const text = raw.includes('\r') ? raw.replaceAll(/\r\n?/g, '\n') : raw;
  if (!text.includes('&')) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (all, hex, decimal, name) => {
    if (typeof name === 'string') return Object.hasOwn(named, name) ? (named[name] ?? all) : all;
    const code = typeof hex === 'string' ? parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

import type { TextPlaces } from '../text/places.ts';
import type { Range } from '../text/problem.ts';

/** The text an element is in. */
export interface XmlSource {
  readonly text: string;
  readonly places: TextPlaces;
}

/** An element and where it is. Offsets count UTF-16 units from the start of the text. */
export interface XmlElement {
  /** Without the prefix. */
  readonly name: string;
  readonly prefix: string;
  /** Empty for no namespace. */
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  readonly parent: XmlElement | undefined;
  /** Its own text, entities and CDATA resolved, white space around it cut off. */
  readonly text: string;
  /** Of the name in the start tag, with its prefix. */
  readonly nameRange: Range;
  /** Of the name in the end tag, where there is one. */
  readonly endNameRange: Range | undefined;
  /** Of `text`, or of the name when there is no text. */
  readonly textRange: Range;
  /** Of the `<`. */
  readonly start: number;
  /** After the start tag's `>`. */
  readonly contentStart: number;
  /** Where the end tag starts; where the element ends when it has none. */
  readonly contentEnd: number;
  readonly end: number;
  /** False while somebody is still typing it: the start tag has no `>`, or there is no end tag. */
  readonly closed: boolean;
  /** Written `<x/>`. */
  readonly empty: boolean;
  /** What a prefix stands for inside this element. */
  resolvePrefix(prefix: string): string | undefined;
}

export interface XmlAttribute {
  readonly name: string;
  readonly prefix: string;
  /** Empty for no namespace; `undefined` when nobody has said what the prefix stands for. */
  readonly namespace: string | undefined;
  readonly value: string;
  /** From the name to the closing quotation mark. */
  readonly range: Range;
  /** Of the value without its quotation marks. */
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The namespaces and prefixes every document has. */
export const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';
export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/** The name as it is written, with its prefix. */
export function qualifiedName({ prefix, name }: Pick<XmlElement, 'prefix' | 'name'>): string {
  return prefix === '' ? name : `${prefix}:${name}`;
}

/** The first child of that name. */
export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** All children of that name, in the order of the text. */
export function childrenNamed(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The innermost element an offset is anywhere in, tags included. */
export function elementAt(root: XmlElement | undefined, offset: number): XmlElement | undefined {
  if (root === undefined || offset < root.start || offset > root.end) return undefined;
  const child = root.children.find((each) => offset >= each.start && offset < each.end);
  return child === undefined ? root : elementAt(child, offset);
}

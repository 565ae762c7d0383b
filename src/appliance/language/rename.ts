import { isList, isScalar, valueOf, type DataNode } from '../yaml/dataTree.ts';
import type { DefinitionKind } from '../find/definitions.ts';
import { TextPlaces } from '../text/places.ts';
import { elementAt, qualifiedName, type XmlElement } from '../xml/element.ts';
import { scanXml } from '../xml/scanner.ts';
import { readYaml } from '../yaml/tree.ts';
import type { Piece } from './outline.ts';
import { isIn, pairOf } from './tags.ts';

/** Something that has a name, everywhere the name is written. */
export interface Renaming {
  readonly name: string;
  /** The one that was asked about. */
  readonly here: Piece;
  readonly places: readonly Piece[];
  /** What every place may become. */
  readonly pattern: RegExp;
  /** Said when it does not fit the pattern. */
  readonly expected: 'element' | 'prefix' | 'text';
}

const xmlName = /^[A-Za-z_][\w.-]*$/;

/**
 * What has its name at an offset: an element of a request, its prefix; in a template a volume group or a cloud
 * account, with those that refer to it. Works on a text as broken as it may be: what is not closed has one place.
 */
export function renamingAt(kind: DefinitionKind, text: string, offset: number): Renaming | undefined {
  return kind === 'representation' ? inRequest(text, offset) : inTemplate(text, offset);
}

function inRequest(text: string, offset: number): Renaming | undefined {
  const places = new TextPlaces(text);
  const root = scanXml(text, places);
  const element = elementAt(root, offset);
  if (root === undefined || element === undefined) return undefined;
  const { length } = qualifiedName(element);
  const tags = pairOf(element, places);
  const start = tags?.start ?? { from: element.start + 1, to: element.start + 1 + length };
  const whole = [start, ...(tags === undefined ? [] : [tags.end])];
  const tag = whole.find((each) => isIn(each, offset));
  if (tag === undefined) return undefined;
  const colon = element.prefix === '' ? 0 : element.prefix.length + 1;
  if (colon > 0 && offset < tag.from + colon) return prefixRenaming(root, element.prefix, tag, text, places);
  const local = whole.map(({ from, to }) => ({ from: from + colon, to }));
  const here = { from: tag.from + colon, to: tag.to };
  return { name: element.name, here, places: local, pattern: xmlName, expected: 'element' };
}

/** A prefix is in the names of tags, in its declarations, and in the types that `xsi:type` names. */
function prefixRenaming(
  root: XmlElement,
  prefix: string,
  tag: Piece,
  text: string,
  places: TextPlaces,
): Renaming {
  const found: Piece[] = [];
  const add = (from: number): void => void found.push({ from, to: from + prefix.length });
  const visit = (element: XmlElement): void => {
    if (element.prefix === prefix) {
      add(element.start + 1);
      const end = pairOf(element, places)?.end;
      if (end !== undefined) add(end.from);
    }
    for (const attribute of element.attributes) {
      const from = places.offset(attribute.range.start);
      if (attribute.prefix === 'xmlns' && attribute.name === prefix) add(from + 'xmlns:'.length);
      if (attribute.prefix === prefix) add(from);
      const isType = attribute.prefix === 'xsi' && attribute.name === 'type';
      if (isType && text.startsWith(`${prefix}:`, attribute.valueStart)) add(attribute.valueStart);
    }
    element.children.forEach(visit);
  };
  visit(root);
  const here = { from: tag.from, to: tag.from + prefix.length };
  return { name: prefix, here, places: found, pattern: xmlName, expected: 'prefix' };
}

/** Paths whose values are one name each; `*` stands for every item of a list. */
const families: readonly (readonly string[])[] = [
  [
    'stack.installation.partitioning.volumeGroups.*.name',
    'stack.installation.partitioning.logicalVolumes.*.vg_name',
  ],
  ['accounts.*.name', 'builders.*.account.name'],
];

function inTemplate(text: string, offset: number): Renaming | undefined {
  const { root } = readYaml(text);
  for (const family of families) {
    const values = family.flatMap((path) => valuesAt(root, path.split('.')));
    const here = values.find((value) => isIn(value.piece, offset));
    if (here === undefined) continue;
    const places = values.filter(({ name }) => name === here.name).map(({ piece }) => piece);
    return { name: here.name, here: here.piece, places, pattern: /^[\w][\w. -]*$/, expected: 'text' };
  }
  return undefined;
}

interface NamedPlace {
  readonly name: string;
  /** Inside of quotation marks, where there are any. */
  readonly piece: Piece;
}

function valuesAt(node: DataNode | undefined, path: readonly string[]): NamedPlace[] {
  const [key, ...rest] = path;
  if (key === undefined) {
    if (!isScalar(node) || typeof node.value !== 'string') return [];
    const quote = node.quoted ? 1 : 0;
    return [{ name: node.value, piece: { from: node.from + quote, to: node.to - quote } }];
  }
  if (key !== '*') return valuesAt(valueOf(node, key), rest);
  return isList(node) ? node.items.flatMap((item) => valuesAt(item, rest)) : [];
}

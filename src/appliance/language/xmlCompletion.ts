import type { Field, TypeInfo } from '../../uforge/schema/table.ts';
import { usageOf } from '../../uforge/usage.ts';
import { TextPlaces } from '../text/places.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { elementAt, qualifiedName, type XmlElement } from '../xml/element.ts';
import { scanXml } from '../xml/scanner.ts';
import { escapeSnippet, type Completion, type Explanation } from './completion.ts';
import { elementDoc, kindOfField } from './elementDocs.ts';
import { requestSnippets } from './requestSnippets.ts';
import {
  elementAround,
  elementSnippet,
  isGivenByServer,
  kindsOf,
  lineageOf,
  meaningOf,
} from './elementMeaning.ts';
import { likelyValues } from './xmlValues.ts';
import { joined, sentence, type Part } from '../../uforge/language/sentence.ts';

/** What may be typed at an offset of a request body, best first. Works on anything, however half typed. */
export function completeXmlAt(
  text: string,
  offset: number,
  server?: ServerKnowledge,
): readonly Completion<Part>[] {
  const root = scanXml(text, new TextPlaces(text));
  const before = text.slice(0, offset);
  const tagStart = before.lastIndexOf('<');
  if (root === undefined || offset <= root.start)
    return tagStart < 0 || /^\s*<\?[^>]*\?>\s*$/.test(before) ? requestSnippets(offset) : [];
  if (tagStart <= before.lastIndexOf('>')) return inContent(root, text, offset, server);
  const inside = before.slice(tagStart + 1);
  const parent = elementAround(root, tagStart);
  if (inside.startsWith('/')) return parent === undefined ? [] : [endTag(parent, tagStart, offset)];
  if (/^[\w.-]*$/.test(inside)) {
    return parent === undefined ? [] : children(parent, text, tagStart + 1, offset, true);
  }
  const element = elementAt(root, tagStart);
  return element === undefined ? [] : inTag(element, inside, offset);
}

/** What the element or the value at an offset means. */
export function explainXmlAt(text: string, offset: number): Explanation<Part> | undefined {
  const root = scanXml(text, new TextPlaces(text));
  const element = elementAt(root, offset);
  if (element === undefined) return undefined;
  const meaning = meaningOf(element);
  if (meaning === undefined) return undefined;
  const from = element.start + 1;
  const to = from + qualifiedName(element).length;
  const { owner } = meaning;
  if (owner === undefined) {
    const type = meaning.kind === 'object' ? meaning.type : undefined;
    const head = sentence`**${element.name}** · ${type?.name ?? sentence`value`}`;
    return { text: joined([head, ...(type === undefined ? [] : whereUsed(type))], '\n\n'), from, to };
  }
  return { text: explain(owner.type, owner.field), from, to };
}

function inContent(
  root: XmlElement,
  text: string,
  offset: number,
  server: ServerKnowledge | undefined,
): readonly Completion<Part>[] {
  const element = elementAround(root, offset);
  if (element === undefined) return [];
  const meaning = meaningOf(element);
  if (meaning?.kind !== 'value') {
    const word = /\w*$/.exec(text.slice(0, offset))?.[0] ?? '';
    return children(element, text, offset - word.length, offset, false);
  }
  const content = text.slice(element.contentStart, offset);
  const from = offset - content.trimStart().length;
  // Up to the next tag or the end of the line: the value that is being replaced.
  const rest = /^[^<\r\n]*/.exec(text.slice(offset))?.[0].trimEnd().length ?? 0;
  const { owner, values } = meaning;
  return (owner === undefined ? values : likelyValues(owner, root, server)).map((value) => ({
    label: value,
    kind: 'value' as const,
    detail: element.name,
    documentation: '',
    insertText: escapeSnippet(value),
    from,
    to: offset + rest,
  }));
}

/** The elements that may stand in a parent and don't yet, required ones first, then in the schema's order. */
function children(
  parent: XmlElement,
  text: string,
  from: number,
  to: number,
  hasBracket: boolean,
): readonly Completion<Part>[] {
  const meaning = meaningOf(parent);
  // A name in a tag that is there already is replaced, its tags stay.
  const rest = /^[\w.-]*(?=[\s/]*>)/.exec(text.slice(to))?.[0];
  const isRename = hasBracket && rest !== undefined && !text.slice(to).startsWith('\n');
  const opening = hasBracket ? '' : '<';
  const base = { kind: 'element' as const, from, to: isRename ? to + rest.length : to };
  if (meaning?.kind === 'list') {
    const insertText = isRename ? meaning.item : `${opening}${meaning.item}>$0</${meaning.item}>`;
    return [{ ...base, label: meaning.item, detail: meaning.itemType, documentation: '', insertText }];
  }
  if (meaning?.kind !== 'object') return [];
  const { type } = meaning;
  const present = new Set(parent.children.filter(({ start }) => start !== from - 1).map(({ name }) => name));
  const open = [...type.fields.values()].filter(({ name }) => !present.has(name));
  return open
    .toSorted((a, b) => rank(a, type) - rank(b, type))
    .map((field) => ({
      ...base,
      label: field.name,
      detail: sentence`${kindOfField(field)}${field.required ? sentence` · required` : ''}`,
      documentation: explain(type, field),
      insertText: isRename ? field.name : `${opening}${elementSnippet(type, field)}`,
    }));
}

/** Required first; what only a server fills in last. Sorting is stable, so the schema's order stays within. */
function rank(field: Field, type: TypeInfo): number {
  if (field.required) return 0;
  return isGivenByServer(type, field) ? 2 : 1;
}

function inTag(element: XmlElement, inside: string, offset: number): readonly Completion<Part>[] {
  const kinds = kindsOf(element);
  if (kinds.length < 2) return [];
  let root = element;
  while (root.parent !== undefined) root = root.parent;
  const prefix = root.prefix === '' ? 'ns0' : root.prefix;
  const typed = /\bxsi:type\s*=\s*["']([^"'<]*)$/.exec(inside)?.[1];
  const item = (label: string, insertText: string, from: number): Completion<Part> => ({
    label,
    kind: 'type',
    detail: element.name,
    documentation: '',
    insertText,
    from,
    to: offset,
  });
  if (typed !== undefined) {
    return kinds.map((kind) => item(`${prefix}:${kind}`, `${prefix}:${kind}`, offset - typed.length));
  }
  const word = /\s([\w:]*)$/.exec(inside)?.[1];
  if (word === undefined || element.attributes.some(({ name }) => name === 'type')) return [];
  return [item('xsi:type', `xsi:type="${prefix}:\${1|${kinds.join(',')}|}"`, offset - word.length)];
}

function endTag(element: XmlElement, tagStart: number, offset: number): Completion<Part> {
  const name = qualifiedName(element);
  const insertText = `/${name}>`;
  const base = { label: `/${name}`, kind: 'element' as const, detail: '', documentation: '' };
  return { ...base, insertText, from: tagStart + 1, to: offset };
}

function explain(type: TypeInfo, field: Field): Part {
  const head = sentence`**${field.name}** · ${kindOfField(field)}${field.required ? sentence` · required` : ''}`;
  const text = elementDoc(lineageOf(type), field.name);
  const values =
    field.kind === 'scalar' && field.values !== undefined ? sentence`One of: ${field.values.join(', ')}` : '';
  const parts = [head, text, values, sentence`In ${listed([type.name])}.`, ...whereUsed(type)];
  return joined(
    parts.filter((part) => part !== ''),
    '\n\n',
  );
}

/** More names than this nobody reads. */
const maxNames = 6;

/** Which elements hold such an object, and which operations have it in their body. */
function whereUsed({ name }: TypeInfo): readonly Part[] {
  const { elements, operations } = usageOf(name);
  return [
    ...(elements.length === 0 ? [] : [sentence`Stands in ${listed(elements)}.`]),
    ...(operations.length === 0 ? [] : [sentence`Sent by ${listed(operations)}.`]),
  ];
}

function listed(names: readonly string[]): Part {
  const shown = names.slice(0, maxNames).map((name) => `\`${name}\``);
  const more = names.length - shown.length;
  return sentence`${shown.join(', ')}${more > 0 ? sentence` and ${more} more` : ''}`;
}

import { escapeXml } from '../../uforge/escapeXml.ts';
import { typeInfo, type Field } from '../../uforge/schema/table.ts';
import { exampleItem } from '../request/examples.ts';
import { meaningOf } from '../language/elementMeaning.ts';
import type { Range, TextEdit } from '../text/problem.ts';
import { contentEdits, insertBehindEdits, insertEdits, removeEdits, swapEdits } from '../xml/edits.ts';
import { childNamed, childrenNamed, type XmlSource, type XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/tree.ts';
import { childAt, elementAtPath } from './path.ts';

/**
 * The least edits that give a value of the form another text; the empty text takes its element out. What is around
 * it, comments and white space included, stays. Nothing for a text that is no form.
 */
export function fieldEdits(text: string, path: string, value: string): readonly TextEdit[] {
  const source = readable(text);
  if (source === undefined) return [];
  const element = elementAtPath(source.root, path);
  if (element === undefined) {
    if (value === '') return [];
    return creation(source, path, (name) => [`<${name}>${escapeXml(value)}</${name}>`]);
  }
  if (element.text === value && value !== '') return [];
  return value === '' ? removal(source, element) : replacement(source, element, escapeXml(value));
}

/** The edits that put another item at the end of a list, with what the schema and common sense say it needs. */
export function addItemEdits(text: string, path: string): readonly TextEdit[] {
  const source = readable(text);
  if (source === undefined) return [];
  const wrapper = elementAtPath(source.root, path);
  if (wrapper === undefined) {
    return creation(source, path, (name, field) => {
      if (field.kind !== 'list') return [];
      return [`<${name}>`, ...exampleItem(field, () => []).map((line) => `  ${line}`), `</${name}>`];
    });
  }
  const list = meaningOf(wrapper);
  if (list?.kind !== 'list') return [];
  const items = childrenNamed(wrapper, list.item);
  const lines = exampleItem(list, (name) => items.flatMap((item) => childNamed(item, name)?.text ?? []));
  const last = items.at(-1);
  // As its neighbour is written: on a line, or on several.
  const isLine = last !== undefined && last.children.length > 0 && !/[\r\n]/.test(written(source, last));
  const item = isLine ? [lines.map((line) => line.trim()).join('')] : lines;
  return insertBehindEdits(source, wrapper, last ?? wrapper.children.at(-1), item);
}

/** The edits that take an item out of its list; a list that would have nothing left in it goes, too. */
export function removeItemEdits(text: string, path: string): readonly TextEdit[] {
  const source = readable(text);
  if (source === undefined) return [];
  const item = elementAtPath(source.root, path);
  return item === undefined ? [] : removal(source, outermostWith(source, item));
}

/** The edits that let an item and the one before it (`by` -1) or behind it (1) change places. */
export function moveItemEdits(text: string, path: string, by: -1 | 1): readonly TextEdit[] {
  const source = readable(text);
  if (source === undefined) return [];
  const item = elementAtPath(source.root, path);
  if (item?.parent === undefined) return [];
  const items = childrenNamed(item.parent, item.name);
  const other = items[items.indexOf(item) + by];
  if (other === undefined) return [];
  const [first, second] = by < 0 ? [other, item] : [item, other];
  return swapEdits(source, first, second, placeOf(source, first, second));
}

/**
 * What says the place of an item, as the `order` of a network card does: where it agrees with the text, it goes on
 * doing so.
 */
function placeOf(
  source: XmlSource,
  first: XmlElement,
  second: XmlElement,
): ((item: XmlElement) => Range | undefined) | undefined {
  const [a, b] = [first, second].map((item) => childNamed(item, 'order'));
  const isNumber = (element: XmlElement | undefined): element is XmlElement =>
    element !== undefined && /^\s*\d+\s*$/.test(content(source, element));
  if (!isNumber(a) || !isNumber(b) || Number(a.text) >= Number(b.text)) return undefined;
  return (item) => (item === first ? a : b).textRange;
}

type ReadableSource = XmlSource & { readonly root: XmlElement };

/** A text that can be changed without a guess. */
function readable(text: string): ReadableSource | undefined {
  const { root, problems, ...source } = parseXml(text);
  return root === undefined || problems.length > 0 ? undefined : { ...source, root };
}

/** Makes an element that is not there, and those around it that are not there either, as the schema has them. */
function creation(
  source: ReadableSource,
  path: string,
  linesOf: (name: string, field: Field) => readonly string[],
): readonly TextEdit[] {
  const steps = path.split('/');
  let parent = source.root;
  for (
    let child = childAt(parent, steps[0] ?? '');
    child !== undefined;
    child = childAt(parent, steps[0] ?? '')
  ) {
    parent = child;
    steps.shift();
  }
  const [first = '', ...rest] = steps;
  const meaning = meaningOf(parent);
  const field = meaning?.kind === 'object' ? meaning.type.fields.get(first) : undefined;
  if (meaning?.kind !== 'object' || field === undefined) return [];
  return insertEdits(source, parent, [...meaning.type.fields.keys()], first, nested(field, rest, linesOf));
}

function nested(
  field: Field,
  [next, ...rest]: readonly string[],
  linesOf: (name: string, field: Field) => readonly string[],
): readonly string[] {
  const { name } = field;
  if (next === undefined) return linesOf(name, field);
  const inner = field.kind === 'object' ? typeInfo(field.type).fields.get(next) : undefined;
  if (inner === undefined) return [];
  return [`<${name}>`, ...nested(inner, rest, linesOf).map((line) => `  ${line}`), `</${name}>`];
}

/** An element with those around it that have nothing but it: up to the root, or to an item of another list. */
function outermostWith(source: XmlSource, element: XmlElement): XmlElement {
  const { parent } = element;
  if (parent?.parent === undefined || parent.attributes.length > 0) return element;
  if (meaningOf(parent.parent)?.kind === 'list') return element;
  const { start, end } = element;
  const others = source.text.slice(parent.contentStart, start) + source.text.slice(end, parent.contentEnd);
  return others.trim() === '' ? outermostWith(source, parent) : element;
}

/** Replaces the value between tags; comments beside it stay. */
function replacement(source: XmlSource, element: XmlElement, value: string): readonly TextEdit[] {
  if (element.empty) return contentEdits(source, element, value);
  const { contentStart, contentEnd } = element;
  const text = content(source, element);
  const blanked = text.replaceAll(asides, (each) => (isComment(each) ? ' '.repeat(each.length) : each));
  const { length } = blanked.trim();
  const start = length === 0 ? contentEnd : contentStart + blanked.length - blanked.trimStart().length;
  const comments = commentsIn(source.text.slice(start, start + length));
  return [{ range: source.places.range(start, start + length), newText: value + comments.join('') }];
}

/** Takes an element out; comments that are in it stay where it was. */
function removal(source: XmlSource, element: XmlElement): readonly TextEdit[] {
  const comments = commentsIn(written(source, element));
  if (comments.length === 0) return removeEdits(source, element);
  return [{ range: source.places.range(element.start, element.end), newText: comments.join(' ') }];
}

/** What is no text of its element though it stands in it, and what only looks like that. */
const asides = /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[[^]*?\]\]>/g;

function commentsIn(text: string): readonly string[] {
  return (text.match(asides) ?? []).filter(isComment);
}

function isComment(aside: string): boolean {
  return !aside.startsWith('<![');
}

function content({ text }: XmlSource, { contentStart, contentEnd }: XmlElement): string {
  return text.slice(contentStart, contentEnd);
}

function written({ text }: XmlSource, { start, end }: XmlElement): string {
  return text.slice(start, end);
}

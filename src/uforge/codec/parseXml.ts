import { XMLParser } from 'fast-xml-parser';
import { UForgeError } from '../errors.ts';
import { xsiNamespace, type Bounds, type InDocument, type InNode } from './tree.ts';
import { firstFailure, placeOf } from './wellFormed.ts';

/**
 * Reads an XML document. Refuses a DTD, and with it every entity but XML's own five; throws a `protocol`
 * error for that, for what is not well-formed and for what is beyond the bounds.
 */
export function parseXml(source: string, bounds: Bounds): InDocument {
  if (source.length > bounds.maxLength) throw refused(`it has more than ${bounds.maxLength} characters`);
  if (source.trim() === '') throw refused('it is empty');
  const text = source.replace(/^\uFEFF/, '');
  // fast-xml-parser takes much for XML that is none: it gets only what is known to be well-formed.
  // Java servers print control characters from build logs as they are. They cost us a character, not the
  // answer.
  const failure = firstFailure(text, { maxDepth: bounds.maxDepth, anyCharacter: true });
  if (failure !== undefined) {
    const { line, column } = placeOf(text, failure.from);
    throw refused(`${String(failure.words)} (line ${line}, column ${column})`);
  }
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    ignorePiTags: true,
    // It leaves numeric references as they are without these. Of the names only XML's five come so far.
    htmlEntities: true,
    maxNestedTags: bounds.maxDepth,
    // It refuses elements with names that mean something to JavaScript; with a "<" before them they do not.
    transformTagName: (name) => (name.startsWith('<') ? name : `<${name}`),
    // Otherwise it writes down the path of every element.
    jPath: false,
  });
  // White space around it comes as text.
  const root = (parser.parse(text) as Parsed[]).find((parsed) => parsed['#text'] === undefined);
  if (root === undefined) throw refused('it has no root element');
  const { local, namespace, node } = toElement(
    root,
    new Map([
      ['', ''],
      ['xml', xmlNamespace],
    ]),
  );
  return { root: local, namespace, node };
}

/** An element under its name, with a `<` before it, or a text, as fast-xml-parser gives them in order. */
interface Parsed {
  readonly [tag: `<${string}`]: readonly Parsed[];
  readonly '#text'?: string;
  readonly ':@'?: Readonly<Record<`@${string}`, string>>;
}

interface Element extends Name {
  readonly node: InNode;
}

interface Name {
  readonly namespace: string;
  readonly local: string;
}

/** Namespaces by their prefix, the one without a prefix as `''`. */
type Scope = ReadonlyMap<string, string>;

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

function toElement(parsed: Parsed, outer: Scope): Element {
  const attributes = Object.entries(parsed[':@'] ?? {}).map(
    ([name, value]) => [name.slice(1), value] as const,
  );
  const scope = attributes.length === 0 ? outer : scopeOf(attributes, outer);
  const tag = Object.keys(parsed).find((key) => key.startsWith('<')) as `<${string}`;
  let text = '';
  const children = new Map<string, InNode[]>();
  for (const inner of parsed[tag] ?? []) {
    if (inner['#text'] !== undefined) {
      text += inner['#text'];
      continue;
    }
    const { local, node } = toElement(inner, scope);
    const siblings = children.get(local);
    if (siblings) siblings.push(node);
    else children.set(local, [node]);
  }
  return { ...nameOf(tag.slice(1), scope), node: { ...instanceOf(attributes, scope), text, children } };
}

/** What `xsi:type` and `xsi:nil` say. */
function instanceOf(
  attributes: readonly (readonly [string, string])[],
  scope: Scope,
): Pick<InNode, 'type' | 'nil'> {
  let type: string | undefined;
  let nil = false;
  const names = new Set<string>();
  for (const [qualified, value] of attributes) {
    if (qualified === 'xmlns' || qualified.startsWith('xmlns:')) continue;
    const { namespace, local } = qualified.includes(':')
      ? nameOf(qualified, scope)
      : { namespace: '', local: qualified };
    const name = `${namespace} ${local}`;
    if (names.has(name)) throw refused(`the attribute ${qualified} is repeated`);
    names.add(name);
    if (namespace !== xsiNamespace) continue;
    if (local === 'type') type = value.trim().replace(/^.*:/, '');
    if (local === 'nil') nil = /^\s*(true|1)\s*$/.test(value);
  }
  return { type, nil };
}

function scopeOf(attributes: readonly (readonly [string, string])[], outer: Scope): Scope {
  const scope = new Map(outer);
  for (const [name, value] of attributes) {
    if (name === 'xmlns') scope.set('', value);
    if (!name.startsWith('xmlns:')) continue;
    const prefix = name.slice(6);
    const reserved =
      prefix === 'xmlns' || value === xmlnsNamespace || (prefix === 'xml') !== (value === xmlNamespace);
    if (value === '' || reserved) throw refused(`${name} can not be "${value}"`);
    scope.set(prefix, value);
  }
  return scope;
}

function nameOf(qualified: string, scope: Scope): Name {
  const parts = qualified.split(':');
  const [prefix = '', local = ''] = parts.length === 1 ? ['', qualified] : parts;
  const namespace = scope.get(prefix);
  if (parts.length > 2 || parts.includes('')) throw refused(`${qualified} is no name`);
  if (namespace === undefined) throw refused(`the prefix ${prefix} of ${qualified} has no namespace`);
  return { namespace, local };
}

function refused(reason: string): UForgeError {
  return new UForgeError('protocol', `The XML document was refused: ${reason}.`);
}

import type { Document, Pair, YAMLMap } from 'yaml';
import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';
import type { Fix, Problem, Range } from './problem.ts';
import { closest, didYouMean } from './suggest.ts';
import type { Template } from './template.ts';
import { templateDoc } from './templateDocs.ts';
import { insertKeyEdits } from './templateEdits.ts';
import {
  templateTypes,
  type TemplateFieldType,
  type TemplateRow,
  type TemplateTypeName,
} from './templateTypes.ts';

/** Where in the template something is: `['stack', 'config', 0, 'source']`. */
export type TemplatePath = readonly (string | number)[];

export interface ReadTemplate {
  readonly template?: Template;
  readonly problems: readonly Problem[];
  /** The range of the value at a path that was read, else of the nearest thing above it. */
  readonly rangeAt: (path: TemplatePath) => Range;
  /** Adds a key with its example to the object at a path; nothing where that can't be done in the text. */
  readonly additionAt: (path: TemplatePath, key: string) => Fix | undefined;
}

export interface ReadOptions {
  /** Keys the language does not have stay in the value, for who writes the template again. */
  readonly keepUnknown?: boolean;
}

/** What one reading may visit, so that aliases of aliases end: far above any real template. */
const maxNodes = 20_000;
const maxDepth = 64;

/** Reads a parsed document by the table of the language, collecting problems with their positions. */
export function readTemplateNode(
  document: Document,
  text: string,
  rangeOf: (from: number, to: number) => Range,
  { keepUnknown = false }: ReadOptions = {},
): ReadTemplate {
  const reader = new Reader(document, text, rangeOf, keepUnknown);
  const value = reader.read(document.contents, 'Template', []);
  // The table both steers the reader and defines the type, and a required key that is missing gives no value.
  const template = value as Template | undefined;
  return {
    ...(template === undefined ? {} : { template }),
    problems: reader.problems,
    rangeAt: (path) => reader.rangeAt(path),
    additionAt: (path, key) => reader.additionAt(path, key),
  };
}

class Reader {
  readonly problems: Problem[] = [];
  readonly #ranges = new Map<string, Range>();
  readonly #objects = new Map<string, { readonly map: YAMLMap; readonly row: TemplateTypeName }>();
  readonly #document: Document;
  readonly #text: string;
  readonly #rangeOf: (from: number, to: number) => Range;
  readonly #keepUnknown: boolean;
  #visited = 0;

  constructor(
    document: Document,
    text: string,
    rangeOf: (from: number, to: number) => Range,
    keepUnknown: boolean,
  ) {
    this.#document = document;
    this.#text = text;
    this.#rangeOf = rangeOf;
    this.#keepUnknown = keepUnknown;
  }

  rangeAt(path: TemplatePath): Range {
    for (let length = path.length; length >= 0; length--) {
      const range = this.#ranges.get(JSON.stringify(path.slice(0, length)));
      if (range !== undefined) return range;
    }
    return this.#rangeOf(0, 0);
  }

  additionAt(path: TemplatePath, key: string): Fix | undefined {
    const object = this.#objects.get(JSON.stringify(path));
    if (object === undefined) return undefined;
    const { map, row } = object;
    const order = Object.keys(templateTypes[row].fields);
    const source = { text: this.#text, rangeOf: this.#rangeOf };
    const edits = insertKeyEdits(source, map, order, key, templateDoc(row, key)?.example ?? '');
    return edits && { title: `Add “${key}”`, edits };
  }

  /** The value, or `undefined` after a problem has been noted. */
  read(given: unknown, type: TemplateFieldType, path: TemplatePath): unknown {
    const node = this.#resolve(given);
    const range = this.#rangeOfNode(given, path);
    this.#ranges.set(JSON.stringify(path), range);
    if (++this.#visited > maxNodes || path.length > maxDepth) {
      if (this.#visited <= maxNodes + 1)
        this.#error('The template is nested too deeply or repeats too much.', range, 'too-large');
      this.#visited = maxNodes + 1;
      return undefined;
    }
    if (typeof type === 'string') {
      if (isRowName(type)) return this.#readObject(given, node, type, path, range);
      return this.#readScalar(node, type, path, range);
    }
    return isList(type)
      ? this.#readList(node, type[0], path, range)
      : this.#readValue(node, type.values, path, range);
  }

  #readObject(
    given: unknown,
    node: unknown,
    name: TemplateTypeName,
    path: TemplatePath,
    range: Range,
  ): unknown {
    const row: TemplateRow = templateTypes[name];
    if (!isMap(node)) {
      const keys = Object.keys(row.fields).slice(0, 4).join(', ');
      this.#error(`${named(path)} must hold keys such as ${keys}.`, range, 'wrong-type');
      return undefined;
    }
    // What an alias stands for is elsewhere, and may be used elsewhere: nothing is added to it.
    if (given === node) this.#objects.set(JSON.stringify(path), { map: node, row: name });
    const value: Record<string, unknown> = {};
    const siblings = new Set(node.items.map(keyOf));
    const present = new Set<string>();
    for (const pair of node.items) {
      const key = keyOf(pair);
      const type = Object.hasOwn(row.fields, key) ? row.fields[key] : undefined;
      present.add(key);
      if (type !== undefined) {
        const read = this.read(pair.value, type, [...path, key]);
        if (read !== undefined) value[key] = read;
      } else if (row.open === true && key !== '__proto__') {
        value[key] = this.read(pair.value, 'anything', [...path, key]);
      } else {
        this.#unknownKey(pair, key, row, siblings, path);
        if (this.#keepUnknown && key !== '__proto__') {
          value[key] = this.read(pair.value, 'anything', [...path, key]);
        }
      }
    }
    const missing = row.required.filter((key) => !present.has(key));
    for (const key of missing) {
      const message = `${named(path)} has no “${key}”. Add it.`;
      this.#error(message, this.#headOf(path, range), 'missing-key', this.additionAt(path, key));
    }
    return row.required.every((key) => value[key] !== undefined) ? value : undefined;
  }

  #readList(node: unknown, item: TemplateFieldType, path: TemplatePath, range: Range): unknown {
    if (isNullish(node)) return [];
    if (!isSeq(node)) {
      this.#error(`${named(path)} must be a list.`, range, 'wrong-type');
      return undefined;
    }
    const values = node.items.map((entry, index) => this.read(entry, item, [...path, index]));
    return values.filter((value) => value !== undefined);
  }

  #readScalar(node: unknown, type: string, path: TemplatePath, range: Range): unknown {
    if (type === 'anything') return this.#readAnything(node, path);
    if (!isScalar(node) || node.value === null) {
      this.#error(`${named(path)} must be ${article(type)}.`, range, 'wrong-type');
      return undefined;
    }
    const { value } = node;
    if (type === 'number') return this.#readNumber(value, path, range);
    if (type === 'flag') return this.#readFlag(value, path, range);
    if (typeof value === 'string') return value;
    // A bare 1.10 is the number 1.1 in YAML; the text of the file is what the person meant.
    const source = node.source ?? textOf(value);
    if (type === 'text' && typeof value === 'number') {
      this.#warn(`${named(path)} is a text: write "${source}" in quotes.`, range, 'unquoted-text', {
        title: `Write "${source}" in quotes`,
        edits: [{ range, newText: `"${source}"` }],
      });
    }
    return source;
  }

  /** A plain value. Counted node by node, like the rest: an alias of an alias of an alias must end. */
  #readAnything(node: unknown, path: TemplatePath): unknown {
    if (isSeq(node)) return node.items.map((item, index) => this.read(item, 'anything', [...path, index]));
    if (!isMap(node)) return isScalar(node) ? node.value : null;
    const entries = node.items.map((pair) => {
      const key = keyOf(pair);
      return [key, this.read(pair.value, 'anything', [...path, key])] as const;
    });
    return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
  }

  #readNumber(value: unknown, path: TemplatePath, range: Range): unknown {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
    this.#error(`${named(path)} must be a whole number, not “${textOf(value)}”.`, range, 'wrong-type');
    return undefined;
  }

  #readFlag(value: unknown, path: TemplatePath, range: Range): unknown {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string') {
      // Booleans of YAML 1.1, which hammr reads, and the texts "true" and "false" of its AWS builder.
      if (/^(?:true|yes|on)$/i.test(value)) return true;
      if (/^(?:false|no|off)$/i.test(value)) return false;
    }
    this.#error(`${named(path)} must be true or false, not “${textOf(value)}”.`, range, 'wrong-type');
    return undefined;
  }

  #readValue(node: unknown, values: readonly string[], path: TemplatePath, range: Range): unknown {
    const given = isScalar(node) ? textOf(node.value) : undefined;
    const found = values.find((value) => value.toLowerCase() === given?.toLowerCase());
    if (found !== undefined) return found;
    const suggestion = given === undefined ? undefined : closest(given, values);
    const list = values.length === 1 ? values.join() : `one of ${values.join(', ')}`;
    const message = `${named(path)} must be ${list}.${didYouMean(suggestion)}`;
    const isQuoted = this.#text[this.#startOf(node)] === '"';
    const newText = isQuoted && suggestion !== undefined ? JSON.stringify(suggestion) : suggestion;
    this.#error(message, range, 'bad-value', replace(range, suggestion, newText));
    return undefined;
  }

  #unknownKey(
    pair: Pair,
    key: string,
    row: TemplateRow,
    siblings: ReadonlySet<string>,
    path: TemplatePath,
  ): void {
    const suggestion = closest(key, Object.keys(row.fields));
    const message = `“${key}” is not a key of ${inside(path)} and is ignored.${didYouMean(suggestion)}`;
    const range = this.#rangeOfNode(pair.key, path);
    // Two keys of the same name are no template at all.
    const taken = siblings.has(suggestion ?? '');
    const newText = this.#text[this.#startOf(pair.key)] === '"' ? JSON.stringify(suggestion) : suggestion;
    const fix =
      taken || suggestion === undefined || newText === undefined
        ? undefined
        : { title: `Rename to “${suggestion}”`, edits: [{ range, newText }] };
    this.#warn(message, range, 'unknown-key', fix);
  }

  #resolve(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #rangeOfNode(node: unknown, path: TemplatePath): Range {
    const range = isNode(node) ? node.range : undefined;
    if (!range) return this.rangeAt(path.slice(0, -1));
    // A block's range may reach into the line after it: end at its last visible character.
    const end = range[0] + this.#text.slice(range[0], range[1]).trimEnd().length;
    return this.#rangeOf(range[0], Math.max(end, range[0]));
  }

  /** The first line of a block: where “something is missing in here” is shown. */
  #headOf(path: TemplatePath, range: Range): Range {
    if (range.start.line === range.end.line) return range;
    const offsetLine = this.#text.split('\n')[range.start.line] ?? '';
    const end = { line: range.start.line, character: offsetLine.trimEnd().length };
    return { start: range.start, end };
  }

  #startOf(node: unknown): number {
    return isNode(node) ? (node.range?.[0] ?? -1) : -1;
  }

  #error(message: string, range: Range, code: string, fix?: Fix): void {
    this.problems.push(problem('error', message, range, code, fix));
  }

  #warn(message: string, range: Range, code: string, fix?: Fix): void {
    this.problems.push(problem('warning', message, range, code, fix));
  }
}

function problem(
  severity: Problem['severity'],
  message: string,
  range: Range,
  code: string,
  fix: Fix | undefined,
): Problem {
  return { message, severity, range, code, ...(fix === undefined ? {} : { fixes: [fix] }) };
}

function replace(range: Range, shown: string | undefined, newText: string | undefined): Fix | undefined {
  return shown === undefined || newText === undefined
    ? undefined
    : { title: `Replace with “${shown}”`, edits: [{ range, newText }] };
}

function isRowName(type: string): type is keyof typeof templateTypes {
  return Object.hasOwn(templateTypes, type);
}

/** An array has a method `values`, so asking for that key would not tell the two apart. */
function isList(type: Exclude<TemplateFieldType, string>): type is readonly [TemplateFieldType] {
  return Array.isArray(type);
}

function textOf(scalar: unknown): string {
  return typeof scalar === 'string' ? scalar : JSON.stringify(scalar);
}

function isNullish(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function keyOf(pair: unknown): string {
  return isPair(pair) && isScalar(pair.key) ? textOf(pair.key.value) : '';
}

/** `stack.config[0].source`, or “The template” for the whole. */
export function named(path: TemplatePath): string {
  if (path.length === 0) return 'The template';
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${part}`))
    .join('');
}

/** The same, in the middle of a sentence. */
function inside(path: TemplatePath): string {
  return path.length === 0 ? 'the template' : named(path);
}

function article(type: string): string {
  const names: Readonly<Record<string, string>> = {
    text: 'a text',
    number: 'a whole number',
    flag: 'true or false',
    word: 'a text',
  };
  return names[type] ?? type;
}

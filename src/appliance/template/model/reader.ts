import {
  isList,
  isMap,
  isScalar,
  keyName,
  textOf,
  type DataPair,
  type DataNode,
} from '../../yaml/dataTree.ts';
import { likelyXmlValue } from '../../xml/value.ts';
import { mostProblems, type Way, type Finding, type Range } from '../../text/problem.ts';
import { closest, didYouMean, replacement, unlessSure } from '../../text/suggest.ts';
import { DocumentNodes, resolved } from './nodes.ts';
import { named, subject, type TemplatePath, type TemplatePlaces } from './path.ts';
import type { Template } from './template.ts';
import { DocumentPlaces, type ItemRange } from './documentPlaces.ts';
import { fieldType, isListType, isRow, rowOf } from './rows.ts';
import type { TemplateFieldType, TemplateRow, TemplateTypeName } from './types.ts';
import { sentence, type Part, type Sentence } from '../../../uforge/language/sentence.ts';

export interface ReadTemplate extends TemplatePlaces {
  readonly template?: Template;
  readonly problems: readonly Finding[];
  /** Where the items of a list are, with their places among those that have a value. */
  readonly itemRanges: (path: TemplatePath) => readonly ItemRange[];
}

export interface ReadOptions {
  /** Keys the language does not have stay in the value, for who writes the template again. */
  readonly keepUnknown?: boolean;
}

/** What aliases may stand for in one reading, so that aliases of aliases end: far above any real template. */
const maxNodes = 20_000;
const maxDepth = 64;

/** Reads what a document holds by the table of the language, collecting problems with their positions. */
export function readTemplateNode(
  root: DataNode | undefined,
  text: string,
  rangeOf: (from: number, to: number) => Range,
  { keepUnknown = false }: ReadOptions = {},
): ReadTemplate {
  const reader = new Reader(root, text, rangeOf, keepUnknown);
  const { places } = reader;
  const value = reader.read(root, 'Template', []);
  // The table both steers the reader and defines the type, and a required key that is missing gives no value.
  const template = value as Template | undefined;
  return {
    ...(template === undefined ? {} : { template }),
    problems: reader.problems,
    rangeAt: (path) => places.rangeAt(path),
    additionAt: (path, key) => places.additionAt(path, key),
    itemRanges: (path) => places.itemRanges(path),
  };
}

class Reader {
  readonly problems: Finding[] = [];
  readonly places: DocumentPlaces;
  readonly #nodes: DocumentNodes;
  readonly #keepUnknown: boolean;
  /** How many aliases what is being read is inside of. */
  #aliases = 0;
  #visited = 0;
  #isTooLarge = false;
  #errors = 0;
  #unknownKeys = 0;

  constructor(
    root: DataNode | undefined,
    text: string,
    rangeOf: (from: number, to: number) => Range,
    keepUnknown: boolean,
  ) {
    this.#nodes = new DocumentNodes(root);
    this.places = new DocumentPlaces(this.#nodes, text, rangeOf);
    this.#keepUnknown = keepUnknown;
  }

  /** The value, or `undefined` after a problem has been noted. */
  read(given: DataNode | undefined, type: TemplateFieldType, path: TemplatePath): unknown {
    const isAlias = given?.kind === 'alias';
    if (isAlias) this.#aliases++;
    if (this.#aliases > 0) this.#visited++;
    if (this.#visited > maxNodes || path.length > maxDepth) this.#tooLarge(given);
    const isEnough = this.#isTooLarge || this.#errors >= mostProblems;
    const value = isEnough ? undefined : this.#readResolved(given, type, path);
    if (isAlias) this.#aliases--;
    return value;
  }

  #readResolved(given: DataNode | undefined, type: TemplateFieldType, path: TemplatePath): unknown {
    const node = resolved(given);
    if (isRow(type)) return this.#readObject(given, node, type, path);
    if (typeof type === 'string') return this.#readScalar(given, node, type, path);
    return isListType(type)
      ? this.#readList(given, node, type[0], path)
      : this.#readValue(given, node, type.values, path);
  }

  /** Said once; nothing is read any more. */
  #tooLarge(given: DataNode | undefined): void {
    if (this.#isTooLarge) return;
    this.#isTooLarge = true;
    const range = this.places.rangeOfNode(given);
    this.#error(sentence`The template is nested too deeply or repeats too much.`, range, 'too-large');
  }

  #readObject(
    given: DataNode | undefined,
    node: DataNode | undefined,
    name: TemplateTypeName,
    path: TemplatePath,
  ): unknown {
    const row = rowOf(name);
    const range = (): Range => this.places.rangeOfNode(given, path);
    if (!isMap(node)) {
      const keys = Object.keys(row.fields).slice(0, 4).join(', ');
      this.#error(sentence`${subject(path)} must hold keys such as ${keys}.`, range(), 'wrong-type');
      return undefined;
    }
    const value: Record<string, unknown> = {};
    const present = new Set(node.pairs.map((pair) => keyName(pair.key)));
    for (const pair of node.pairs) {
      const key = keyName(pair.key);
      const type = fieldType(name, key);
      if (type !== undefined && !row.required.includes(key) && isLeftOut(pair.value, type)) {
        // Exports of a UForge have every key, with nothing where there is nothing to say.
        if (isListType(type)) value[key] = [];
      } else if (type !== undefined) {
        const read = this.read(pair.value, type, [...path, key]);
        if (read !== undefined) value[key] = read;
      } else if (row.open === true && key !== '__proto__') {
        value[key] = this.read(pair.value, 'anything', [...path, key]);
      } else {
        this.#unknownKey(pair, row, present, path);
        if (this.#keepUnknown && key !== '__proto__') {
          value[key] = this.read(pair.value, 'anything', [...path, key]);
        }
      }
    }
    const missing = row.required.filter((key) => !present.has(key));
    for (const key of this.#errors < mostProblems ? missing : []) {
      const message = sentence`${subject(path)} has no “${key}”. Add it.`;
      this.#error(message, range(), 'missing-key', this.places.additionAt(path, key));
    }
    return row.required.every((key) => value[key] !== undefined) ? value : undefined;
  }

  #readList(
    given: DataNode | undefined,
    node: DataNode | undefined,
    item: TemplateFieldType,
    path: TemplatePath,
  ): unknown {
    if (isNothing(node)) return [];
    if (!isList(node)) {
      this.#error(
        sentence`${subject(path)} must be a list.`,
        this.places.rangeOfNode(given, path),
        'wrong-type',
      );
      return undefined;
    }
    const values = node.items.map((entry, index) => this.read(entry, item, [...path, index]));
    const kept = [...values.keys()].filter((index) => values[index] !== undefined);
    if (kept.length < values.length) this.#nodes.keep(node, kept);
    return kept.map((index) => values[index]);
  }

  #readScalar(
    given: DataNode | undefined,
    node: DataNode | undefined,
    type: string,
    path: TemplatePath,
  ): unknown {
    if (type === 'anything') return this.#readAnything(node, path);
    const range = (): Range => this.places.rangeOfNode(given, path);
    if (!isScalar(node) || node.value === null) {
      this.#error(sentence`${subject(path)} must be ${article(type)}.`, range(), 'wrong-type');
      return undefined;
    }
    const { value, source = textOf(value) } = node;
    if (type === 'number') return this.#readNumber(value, path, range);
    if (type === 'flag') return this.#readFlag(value, path, range);
    if (typeof value === 'string') return value;
    // A bare 1.10 is the number 1.1 in YAML; the text of the file is what the person meant.
    if (type === 'text' && typeof value === 'number') {
      this.#warn(
        sentence`${subject(path)} is a text: write "${source}" in quotes.`,
        range(),
        'unquoted-text',
        {
          title: sentence`Write "${source}" in quotes`,
          edits: [{ range: range(), newText: `"${source}"` }],
        },
      );
    }
    return source;
  }

  /** A plain value. Counted node by node, like the rest: an alias of an alias of an alias must end. */
  #readAnything(node: DataNode | undefined, path: TemplatePath): unknown {
    if (isList(node)) {
      return node.items.map((item, index) => this.read(item, 'anything', [...path, index]));
    }
    if (!isMap(node)) return isScalar(node) ? node.value : null;
    const entries = node.pairs.map((pair) => {
      const key = keyName(pair.key);
      return [key, this.read(pair.value, 'anything', [...path, key])] as const;
    });
    return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
  }

  #readNumber(value: unknown, path: TemplatePath, range: () => Range): unknown {
    const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
    const says = sentence`${subject(path)} must be a whole number, not “${textOf(value)}”.`;
    const likely = likelyXmlValue(textOf(value), 'long');
    this.#error(says, range(), 'wrong-type', replace(range(), likely, likely));
    return undefined;
  }

  #readFlag(value: unknown, path: TemplatePath, range: () => Range): unknown {
    if (typeof value === 'boolean') return value;
    if (typeof value === 'string') {
      // Booleans of YAML 1.1, which hammr reads, and the texts "true" and "false" of its AWS builder.
      if (/^(?:true|yes|on)$/i.test(value)) return true;
      if (/^(?:false|no|off)$/i.test(value)) return false;
    }
    this.#error(
      sentence`${subject(path)} must be true or false, not “${textOf(value)}”.`,
      range(),
      'wrong-type',
    );
    return undefined;
  }

  #readValue(
    placed: DataNode | undefined,
    node: DataNode | undefined,
    values: readonly string[],
    path: TemplatePath,
  ): unknown {
    const given = isScalar(node) ? textOf(node.value) : undefined;
    const found = values.find((value) => value.toLowerCase() === given?.toLowerCase());
    if (found !== undefined) return found;
    const suggestion = given === undefined ? undefined : closest(given, values);
    const list = values.length === 1 ? values.join() : sentence`one of ${values.join(', ')}`;
    const message = sentence`${subject(path)} must be ${list}.${didYouMean(suggestion)}`;
    const range = this.places.rangeOfNode(placed, path);
    const fix = replace(range, suggestion, this.places.written(suggestion, node));
    const sure = unlessSure(given ?? '', suggestion, values);
    this.#error(message, range, 'bad-value', fix && { ...fix, ...sure });
    return undefined;
  }

  #unknownKey(pair: DataPair, row: TemplateRow, siblings: ReadonlySet<string>, path: TemplatePath): void {
    this.#unknownKeys++;
    if (this.#unknownKeys > mostProblems) return;
    const key = keyName(pair.key);
    const suggestion = closest(key, Object.keys(row.fields));
    const message = sentence`“${key}” is not a key of ${inside(path)} and is ignored.${didYouMean(suggestion)}`;
    const range = this.places.rangeOfNode(pair.key, path);
    // Two keys of the same name are no template at all.
    const taken = siblings.has(suggestion ?? '');
    const newText = this.places.written(suggestion, pair.key);
    const fix =
      taken || suggestion === undefined || newText === undefined
        ? undefined
        : {
            title: sentence`Rename to “${suggestion}”`,
            edits: [{ range, newText }],
            ...unlessSure(key, suggestion, Object.keys(row.fields)),
          };
    this.#warn(message, range, 'unknown-key', fix);
  }

  #error(message: Sentence, range: Range, code: string, fix?: Way): void {
    this.#errors++;
    this.problems.push(problem('error', message, range, code, fix));
  }

  #warn(message: Sentence, range: Range, code: string, fix?: Way): void {
    this.problems.push(problem('warning', message, range, code, fix));
  }
}

function problem(
  severity: Finding['severity'],
  message: Sentence,
  range: Range,
  code: string,
  fix: Way | undefined,
): Finding {
  return { message, severity, range, code, ...(fix === undefined ? {} : { fixes: [fix] }) };
}

function replace(range: Range, shown: string | undefined, newText: string | undefined): Way | undefined {
  return shown === undefined || newText === undefined ? undefined : replacement(range, shown, newText);
}

/** Whether a key might as well not be there: it has no value, or `license: {}`, which lacks all it would need. */
function isLeftOut(given: DataNode | undefined, type: TemplateFieldType): boolean {
  const node = resolved(given);
  if (isNothing(node)) return true;
  return isMap(node) && node.pairs.length === 0 && isRow(type) && rowOf(type).required.length > 0;
}

function isNothing(node: DataNode | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

/** The same, in the middle of a sentence. */
function inside(path: TemplatePath): Part {
  return path.length === 0 ? sentence`the template` : named(path);
}

function article(type: string): Part {
  const names: Readonly<Record<string, Sentence>> = {
    text: sentence`a text`,
    number: sentence`a whole number`,
    flag: sentence`true or false`,
    word: sentence`a text`,
  };
  return names[type] ?? type;
}

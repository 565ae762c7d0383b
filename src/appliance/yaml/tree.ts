import {
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  parseDocument,
  visit,
  type Document,
  type Node,
  type YAMLParseError,
} from 'yaml';
import type { DataDocument, DataError, DataNode, DataPair } from './dataTree.ts';
import { beyondLimits } from './limits.ts';
import { parserSentence } from './parserSentences.ts';
import { sentence } from '../../uforge/language/sentence.ts';

/** Reads any text as far as it is YAML 1.2, if it is within `yamlLimits`. Never throws. */
export function readYaml(text: string): DataDocument {
  const beyond = beyondLimits(text);
  if (beyond !== undefined) return { root: undefined, errors: [beyond] };
  // Whether keys are unique is seen to below: the library compares each with all before it.
  const uniqueKeys = false;
  const options = { prettyErrors: false, version: '1.2', logLevel: 'silent', uniqueKeys } as const;
  let document: Document.Parsed;
  try {
    document = parseDocument(text, options);
  } catch (error) {
    // The library calls itself for each line that it can't place in a bracket.
    if (!(error instanceof RangeError)) throw error;
    const message = sentence`The template can’t be read: a bracket in it seems not to be closed.`;
    return { root: undefined, errors: [{ message, from: 0, to: 1, isBeyondLimits: true }] };
  }
  const errorOf = (message: string, [from, to]: readonly [number, number]): DataError => {
    return { message: parserSentence(message), from, to: Math.max(to, from + 1) };
  };
  const conversion = new Conversion(text, document);
  const root = conversion.converted(document.contents);
  // How far a line is indented is unknown with a tab: what else seems wrong follows from that.
  const tabs = document.errors.filter((error) => isTabInIndentation(text, error));
  if (tabs.length > 0) return { root, errors: tabs.map(({ pos }) => errorOf(tabSentence, pos)) };
  const errors = document.errors.map(({ message, pos }) => errorOf(message, pos));
  return { root, errors: [...errors, ...conversion.errors] };
}

const tabSentence = 'Tabs are not allowed as indentation';

/** The library says so itself where a tab is the whole indentation, else that the column is wrong. */
function isTabInIndentation(
  text: string,
  { code, pos: [at] }: Pick<YAMLParseError, 'code' | 'pos'>,
): boolean {
  if (code !== 'BAD_INDENT') return code === 'TAB_AS_INDENT';
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1);
  return /^ *\t/.test(line);
}

/**
 * Whether a quoted text ends with a quotation mark that is part of it (`'x''`): the library takes that for its end when
 * what follows stands further left, and says nothing.
 */
function isUnfinished(written: string): boolean {
  const inside = written.slice(1, -1);
  return written.startsWith("'")
    ? inside.replaceAll("''", '').includes("'")
    : /(?<!\\)(?:\\\\)*\\$/.test(inside);
}

/** A node of the YAML library as ours, for who changes a document of that library. */
export function convertedNode(text: string, document: Document, node: Node): DataNode | undefined {
  return new Conversion(text, document).converted(node);
}

class Conversion {
  readonly #text: string;
  readonly #document: Document;
  /** What aliases stand for, once one asks: the library looks through the whole document for each. */
  #targets: ReadonlyMap<Node, Node> | undefined;
  readonly #known = new Map<Node, DataNode>();
  /** What the library lets pass. */
  readonly errors: DataError[] = [];

  constructor(text: string, document: Document) {
    this.#text = text;
    this.#document = document;
  }

  converted(node: unknown): DataNode | undefined {
    if (!isNode(node) || !node.range) return undefined;
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const [from, end] = node.range;
    // A block's range may reach into the line after it: it ends at its last visible character.
    const to = from + this.#text.slice(from, end).trimEnd().length;
    const converted = this.#convert(node, from, to);
    this.#known.set(node, converted);
    return converted;
  }

  #convert(node: Node, from: number, to: number): DataNode {
    if (isAlias(node)) {
      return { kind: 'alias', from, to, target: () => this.converted(this.#targetOf(node)) };
    }
    if (isMap(node)) {
      const keys = new Set<unknown>();
      const pairs = node.items.flatMap((item): DataPair[] => {
        const [key, value] = [this.converted(item.key), this.converted(item.value)];
        if (isScalar(item.key) && key !== undefined) this.#checkUnique(item.key.value, keys, key.from);
        return key === undefined ? [] : [{ key, value }];
      });
      const last = pairs.at(-1);
      const isFlow = node.flow === true;
      return { kind: 'map', from, to: endOf(isFlow, last?.value ?? last?.key, to), flow: isFlow, pairs };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.converted(item) ?? nothingAt(from));
      return { kind: 'list', from, to: endOf(node.flow === true, items.at(-1), to), items };
    }
    const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
    if (quoted && isUnfinished(this.#text.slice(from, to))) {
      const mark = this.#text[from] === "'" ? "'quote" : '"quote';
      this.errors.push({ from: to, to: to + 1, message: parserSentence(`Missing closing ${mark}`) });
    }
    const { value, source } = isScalar(node) ? node : { value: null, source: undefined };
    return { kind: 'scalar', from, to, value, source, quoted };
  }

  #checkUnique(key: unknown, before: Set<unknown>, at: number): void {
    if (before.has(key))
      this.errors.push({ from: at, to: at + 1, message: sentence`Map keys must be unique` });
    before.add(key);
  }

  #targetOf(alias: Node): Node | undefined {
    this.#targets ??= targetsOf(this.#document);
    return this.#targets.get(alias);
  }
}

function targetsOf(document: Document): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchors.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return targets;
}

/** A block ends with what is in it: comments behind belong to whatever is around. */
function endOf(isFlow: boolean, last: DataNode | undefined, to: number): number {
  return isFlow || last === undefined ? to : last.to;
}

function nothingAt(at: number): DataNode {
  return { kind: 'scalar', from: at, to: at, value: null, source: undefined, quoted: false };
}

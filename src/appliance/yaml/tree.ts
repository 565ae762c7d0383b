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
} from 'yaml';
import type { DataDocument, DataError, DataNode, DataPair, Placed } from './dataTree.ts';
import { RecentTexts } from '../text/recentTexts.ts';
import { BlocksOf, NotInBlocks } from './blocks.ts';
import { beyondLimits } from './limits.ts';

const recent = new RecentTexts<{ readonly text: string; readonly document: DataDocument }>();
/** A longer text is read block by block, those of the text before not again. */
const worthBlocks = 16_384;

/** Reads any text as far as it is YAML 1.2, if it is within `yamlLimits`. Never throws. */
export function readYaml(text: string): DataDocument {
  const known = recent.find(text);
  if (known !== undefined) return known.document;
  const document = readNew(text);
  recent.keep({ text, document });
  return document;
}

function readNew(text: string): DataDocument {
  const beyond = beyondLimits(text);
  if (beyond !== undefined) return { root: undefined, errors: [beyond] };
  if (text.length < worthBlocks) return readWhole(text);
  try {
    return new BlocksOf(text, readWhole).read();
  } catch (error) {
    if (error instanceof NotInBlocks) return readWhole(text);
    throw error;
  }
}

/** Reads all of a text at once. */
export function readWhole(text: string): DataDocument {
  // Whether keys are unique is seen to below: the library compares each with all before it.
  const uniqueKeys = false;
  const options = { prettyErrors: false, version: '1.2', logLevel: 'silent', uniqueKeys } as const;
  const document = parseDocument(text, options);
  const errors = document.errors.map(({ message, pos }): DataError => {
    return { message, from: pos[0], to: Math.max(pos[1], pos[0] + 1) };
  });
  const conversion = new Conversion(text, document);
  const root = conversion.placed(document.contents, 0);
  return { root, errors: [...errors, ...conversion.errors] };
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
export function placedNode(text: string, document: Document, node: Node): Placed | undefined {
  return new Conversion(text, document).placed(node, 0);
}

class Conversion {
  readonly #text: string;
  readonly #document: Document;
  readonly #known = new Map<Node, Placed>();
  /** What aliases stand for, once one asks: the library looks through the whole document for each. */
  #targets: ReadonlyMap<Node, Node> | undefined;
  /** What the library lets pass. */
  readonly errors: DataError[] = [];

  constructor(text: string, document: Document) {
    this.#text = text;
    this.#document = document;
  }

  /** Counted from where its container starts. */
  placed(node: unknown, container: number): Placed | undefined {
    const found = this.#converted(node);
    return found && { at: found.at - container, node: found.node };
  }

  #converted(node: unknown): Placed | undefined {
    if (!isNode(node) || !node.range) return undefined;
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const [from, to] = node.range;
    // A block's range may reach into the line after it: it ends at its last visible character.
    const length = this.#text.slice(from, to).trimEnd().length;
    const placed = { at: from, node: this.#nodeOf(node, from, length) };
    this.#known.set(node, placed);
    return placed;
  }

  #nodeOf(node: Node, from: number, length: number): DataNode {
    if (isAlias(node)) {
      return { kind: 'alias', length, target: () => this.#converted(this.#targetOf(node)) };
    }
    if (isMap(node)) {
      const keys = new Set<unknown>();
      const pairs = node.items.flatMap(({ key, value }): DataPair[] => {
        const placedKey = this.placed(key, from);
        if (isScalar(key) && placedKey !== undefined) this.#checkUnique(key.value, keys, from + placedKey.at);
        return placedKey === undefined ? [] : [{ key: placedKey, value: this.placed(value, from) }];
      });
      const last = pairs.at(-1);
      return {
        kind: 'map',
        length: lengthOf(node, last?.value ?? last?.key, length),
        flow: isFlow(node),
        pairs,
      };
    }
    if (isSeq(node)) {
      const items = node.items.map((item) => this.placed(item, from) ?? { at: 0, node: nothing });
      return { kind: 'list', length: lengthOf(node, items.at(-1), length), flow: isFlow(node), items };
    }
    const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
    if (quoted && isUnfinished(this.#text.slice(from, from + length))) {
      const mark = this.#text[from] === "'" ? "'quote" : '"quote';
      this.errors.push({ from: from + length, to: from + length + 1, message: `Missing closing ${mark}` });
    }
    const { value, source } = isScalar(node) ? node : { value: null, source: undefined };
    return { kind: 'scalar', length, value, source, quoted };
  }

  #checkUnique(key: unknown, before: Set<unknown>, at: number): void {
    if (before.has(key)) this.errors.push({ from: at, to: at + 1, message: 'Map keys must be unique' });
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

function isFlow({ flow }: { readonly flow?: boolean | undefined }): boolean {
  return flow === true;
}

/** A block ends with what is in it: comments behind belong to whatever is around. */
function lengthOf(
  block: { readonly flow?: boolean | undefined },
  last: Placed | undefined,
  length: number,
): number {
  return isFlow(block) || last === undefined ? length : last.at + last.node.length;
}

const nothing: DataNode = { kind: 'scalar', length: 0, value: null, source: undefined, quoted: false };

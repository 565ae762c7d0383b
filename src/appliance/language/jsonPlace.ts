import { findNodeAtLocation, getLocation, parseTree, type JSONPath, type Node } from 'jsonc-parser';
import { beyondLimits } from '../yaml/limits.ts';

/** Where in a JSON text something is typed, however unfinished it is. */
export interface JsonPlace {
  /** Keys and indexes from the root to the object or the list it is in. */
  readonly path: JSONPath;
  /** The key whose value is typed, empty in a list; nothing when a key is. */
  readonly key: string | undefined;
  /** Keys the object has already, with their values when those are plain. */
  readonly present: ReadonlyMap<string, string>;
  /** The same of the object around it. */
  readonly around: ReadonlyMap<string, string>;
  /** What is typed there, without quotation marks. */
  readonly typed: string;
  /** What it replaces, quotation marks included. */
  readonly from: number;
  readonly to: number;
  /** A value follows: only the name is replaced. */
  readonly hasValue: boolean;
}

/** Nothing outside of the outermost brackets, nor in a text that is nested too deeply to be read. */
export function jsonPlaceAt(text: string, offset: number): JsonPlace | undefined {
  if (beyondLimits(text) !== undefined) return undefined;
  const { path, isAtPropertyKey, previousNode } = getLocation(text, offset);
  if (path.length === 0) return undefined;
  const { from, to } = wordAt(text, offset, previousNode);
  const object = path.slice(0, -1);
  const key = path.at(-1);
  const tree = parseTree(text);
  return {
    path: object,
    key: isAtPropertyKey ? undefined : typeof key === 'string' ? key : '',
    present: textsIn(tree, object, from),
    around: textsIn(tree, object.slice(0, -1), from),
    typed: text.slice(from, offset).replace(/^"/, ''),
    from,
    to,
    hasValue: /^\s*:/.test(text.slice(to)),
  };
}

/** A text ends with its quotation mark; behind it the next thing is typed. What is no value yet is a word. */
function wordAt(text: string, offset: number, node: Node | undefined): { from: number; to: number } {
  if (node === undefined) {
    const from = offset - (/[^\s{}[\]:,"]*$/.exec(text.slice(0, offset))?.[0].length ?? 0);
    return { from, to: offset + (/^[^\s{}[\]:,"]*/.exec(text.slice(offset))?.[0].length ?? 0) };
  }
  const end = node.offset + node.length;
  const isClosed = node.length > 1 && text[node.offset] === '"' && text[end - 1] === '"';
  return isClosed && offset >= end ? { from: offset, to: offset } : { from: node.offset, to: end };
}

/** The keys of an object with their plain values, without the one that starts at an offset. */
function textsIn(tree: Node | undefined, path: JSONPath, besides: number): ReadonlyMap<string, string> {
  const object = tree && findNodeAtLocation(tree, path);
  const properties = object?.type === 'object' ? (object.children ?? []) : [];
  return new Map(
    properties.flatMap(({ children: [key, value] = [] }) => {
      if (key === undefined || key.offset === besides) return [];
      const isPlain = value !== undefined && value.type !== 'object' && value.type !== 'array';
      return [[String(key.value), isPlain ? String(value.value) : ''] as const];
    }),
  );
}

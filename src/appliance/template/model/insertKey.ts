import { stringify } from 'yaml';
import { keyName, type MapNode } from '../../yaml/dataTree.ts';
import type { Range, TextEdit } from '../../text/problem.ts';

/** The text a node is in. */
export interface YamlSource {
  readonly text: string;
  readonly rangeOf: (from: number, to: number) => Range;
}

/** Puts a key into a map: behind the one that goes before it in the order, indented as its neighbours are. */
export function insertKeyEdits(
  { text, rangeOf }: YamlSource,
  map: MapNode,
  order: readonly string[],
  key: string,
  value: unknown,
): TextEdit[] | undefined {
  const pairs = map.pairs.map(({ key: name, value: given }) => {
    return { name: keyName(name), start: name.from, end: (given ?? name).to };
  });
  const [first] = pairs;
  const rank = order.indexOf(key);
  const before = pairs.findLast(({ name }) => order.includes(name) && order.indexOf(name) < rank);
  const edit = (at: number, newText: string): TextEdit[] => [{ range: rangeOf(at, at), newText }];
  if (map.flow) {
    const isJson = first === undefined || text[first.start] === '"';
    const entry = `${isJson ? JSON.stringify(key) : key}: ${JSON.stringify(value)}`;
    if (first === undefined) return edit(map.from + 1, ` ${entry} `);
    const gap = ownLine(text, first.start) ?? ' ';
    return before === undefined ? edit(first.start, `${entry},${gap}`) : edit(before.end, `,${gap}${entry}`);
  }
  if (first === undefined) return undefined;
  const lineStart =
    Math.max(text.lastIndexOf('\n', first.start - 1), text.lastIndexOf('\r', first.start - 1)) + 1;
  const column = ' '.repeat(first.start - lineStart);
  const newLine = text.includes('\r\n') ? '\r\n' : '\n';
  const block = blockOf(key, value).join(`${newLine}${column}`);
  const next = before === undefined ? first : pairs[pairs.indexOf(before) + 1];
  if (next !== undefined) return edit(next.start, `${block}${newLine}${column}`);
  const last = pairs.at(-1) ?? first;
  const end = last.start + text.slice(last.start, last.end).trimEnd().length;
  // A comment behind the value stays with it.
  const comment = /^[ \t]+#[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return edit(end + comment.length, `${newLine}${column}${block}`);
}

/** A key with its value as lines of block YAML. */
export function blockOf(key: string, value: unknown): readonly string[] {
  return stringify({ [key]: value }, { lineWidth: 0, singleQuote: true })
    .trimEnd()
    .split('\n');
}

/** The line break and indentation before something that starts its line. */
function ownLine(text: string, offset: number): string | undefined {
  return /(?:\r\n|\n|\r)[ \t]*$/.exec(text.slice(Math.max(0, offset - 1000), offset))?.[0];
}

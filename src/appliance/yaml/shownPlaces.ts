import type { Range } from '../text/problem.ts';
import { isList, isMap, isScalar, type DataNode, type DataPair } from './dataTree.ts';

type RangeOf = (from: number, to: number) => Range;

/**
 * Where what is wrong with a whole object or list is shown: at its key, and for one that is in a list at the first line of
 * what it says. Given the range of any other value it knows nothing.
 */
export function shownPlaces(
  root: DataNode | undefined,
  rangeOf: RangeOf,
): (range: Range) => Range | undefined {
  const shown = new Map<string, Range>();
  const add = (node: DataNode | undefined, range: Range | undefined): void => {
    if (!isMap(node) && !isList(node)) return;
    if (range !== undefined) shown.set(textOf(rangeOf(node.from, node.to)), range);
    if (isList(node))
      for (const item of node.items) add(item, isMap(item) ? firstOf(item.pairs, rangeOf) : undefined);
    else for (const { key, value } of node.pairs) add(value, rangeOf(key.from, key.to));
  };
  add(root, isMap(root) ? firstOf(root.pairs, rangeOf) : undefined);
  return (range) => shown.get(textOf(range));
}

function firstOf([first]: readonly DataPair[], rangeOf: RangeOf): Range | undefined {
  if (first === undefined) return undefined;
  return rangeOf(first.key.from, isScalar(first.value) ? first.value.to : first.key.to);
}

function textOf({ start, end }: Range): string {
  return [start.line, start.character, end.line, end.character].join(' ');
}

import { isMap, keyName, type DataNode, type MapNode } from '../../yaml/dataTree.ts';
import type { Range, Way } from '../../text/problem.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { templateDoc } from './docs.ts';
import { insertKeyEdits } from './insertKey.ts';
import type { DocumentNodes } from './nodes.ts';
import type { TemplatePath, TemplatePlaces } from './path.ts';
import { rowAt, rowOf } from './rows.ts';

export interface ItemRange {
  readonly range: Range;
  /** Undefined when it has no value. */
  readonly index: number | undefined;
}

/** Where in its text the values of a document are, and where a key that is missing would be. */
export class DocumentPlaces implements TemplatePlaces {
  readonly #nodes: DocumentNodes;
  readonly #text: string;
  readonly #rangeOf: (from: number, to: number) => Range;

  constructor(nodes: DocumentNodes, text: string, rangeOf: (from: number, to: number) => Range) {
    this.#nodes = nodes;
    this.#text = text;
    this.#rangeOf = rangeOf;
  }

  rangeAt(path: TemplatePath): Range {
    const found = this.#nodes.nearest(path);
    return found === undefined ? this.#rangeOf(0, 0) : this.rangeOfNode(found);
  }

  /** Of a node that may not be there: then that of what it is missing in. */
  rangeOfNode(node: DataNode | undefined, path: TemplatePath = []): Range {
    if (node === undefined) return this.rangeAt(path.slice(0, -1));
    return this.#rangeOf(node.from, node.to);
  }

  itemRanges(path: TemplatePath): readonly ItemRange[] {
    return this.#nodes.items(path).map(({ node, index }) => ({ range: this.rangeOfNode(node), index }));
  }

  additionAt(path: TemplatePath, key: string): Way | undefined {
    const map = this.#ownObjectAt(path);
    const row = rowAt(path);
    if (map === undefined || row === undefined) return undefined;
    // It is there with a wrong value: two keys of the same name are no template at all.
    if (map.pairs.some((pair) => keyName(pair.key) === key)) return undefined;
    const order = Object.keys(rowOf(row).fields);
    const source = { text: this.#text, rangeOf: this.#rangeOf };
    const edits = insertKeyEdits(source, map, order, key, templateDoc(row, key)?.example ?? '');
    // Its value is an example: which one is meant only the person knows.
    return edits && { title: sentence`Add “${key}”`, edits, choice: true };
  }

  /** A text in quotation marks where the one it replaces is. */
  written(text: string | undefined, instead: DataNode | undefined): string | undefined {
    const isQuoted = instead !== undefined && this.#text[instead.from] === '"';
    return isQuoted && text !== undefined ? JSON.stringify(text) : text;
  }

  /** The map at a path, unless an alias stands there: what that means is elsewhere, and may be used elsewhere. */
  #ownObjectAt(path: TemplatePath): MapNode | undefined {
    const found = this.#nodes.at(path);
    return isMap(found) ? found : undefined;
  }
}

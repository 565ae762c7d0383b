import { isList, valueOf, type DataNode } from '../../yaml/dataTree.ts';
import type { TemplatePath } from './path.ts';

/** Finds what a path means in a document. An item is counted among those of its list that have a value. */
export class DocumentNodes {
  readonly #root: DataNode | undefined;
  /** Of lists that have an item without a value: the places in the text of the others. */
  readonly #kept = new Map<DataNode, readonly number[]>();

  constructor(root: DataNode | undefined) {
    this.#root = root;
  }

  /** Only these items of a list have a value. */
  keep(list: DataNode, places: readonly number[]): void {
    this.#kept.set(list, places);
  }

  at(path: TemplatePath): DataNode | undefined {
    return path.reduce((node, part) => this.#stepInto(node, part), this.#root);
  }

  /** What is there, else what is above. */
  nearest(path: TemplatePath): DataNode | undefined {
    let found = this.#root;
    for (const part of path) {
      const inner = this.#stepInto(found, part);
      if (inner === undefined) break;
      found = inner;
    }
    return found;
  }

  /** The items of a list, and which of those with a value each is. */
  items(path: TemplatePath): readonly { readonly node: DataNode; readonly index: number | undefined }[] {
    const list = resolved(this.at(path));
    if (!isList(list)) return [];
    const kept = this.#kept.get(list);
    return list.items.map((node, place) => {
      const index = kept === undefined ? place : kept.indexOf(place);
      return { node, index: index < 0 ? undefined : index };
    });
  }

  #stepInto(given: DataNode | undefined, part: string | number): DataNode | undefined {
    const node = resolved(given);
    if (typeof part === 'string') return valueOf(node, part);
    if (!isList(node)) return undefined;
    const kept = this.#kept.get(node);
    return node.items[kept === undefined ? part : (kept[part] ?? -1)];
  }
}

/** What an alias stands for. */
export function resolved(node: DataNode | undefined): DataNode | undefined {
  return node?.kind === 'alias' ? node.target() : node;
}

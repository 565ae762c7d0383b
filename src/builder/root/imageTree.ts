import type { TarWriter } from './tarFile.ts';

/** The bytes of a file, one object for all its names: a second name is a hard link. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** The file of the unpacked template archive that has them; undefined: they are in an archive. */
  readonly source?: string;
}

interface Folder {
  readonly kind: 'folder';
  readonly at: string;
  mode: number;
  readonly inside: Map<string, Node>;
}

type Leaf =
  | { readonly kind: 'file'; readonly at: string; readonly mode: number; readonly content: Content }
  | { readonly kind: 'symlink'; readonly at: string; readonly target: string };

type Node = Folder | Leaf;

/** The names of a file in the tree, the first of which gets the bytes. */
export interface NamedContent {
  readonly paths: readonly string[];
  readonly mode: number;
}

/**
 * What bundles put into the image, before any of it is written: names are keys in here, never paths on this computer.
 * A file over a file, or over a link, is the later one; a folder stays a folder, and nothing is put through a link.
 */
export class ImageTree {
  readonly #top: Folder = { kind: 'folder', at: '', mode: 0o755, inside: new Map() };
  readonly #onFolder: () => void;

  /** @param onFolder is told of every new folder; it may throw */
  constructor(onFolder: () => void) {
    this.#onFolder = onFolder;
  }

  /** @returns why not, as a sentence without its end; `at` is what wants it there, for the sentence of the next one */
  folder(path: string, at: string, mode?: number): string | undefined {
    const folder = this.#folder(partsOf(path), at);
    if (typeof folder === 'string') return folder;
    if (mode !== undefined) folder.mode = mode;
    return undefined;
  }

  file(path: string, at: string, mode: number, content: Content): string | undefined {
    return this.#leaf(path, { kind: 'file', at, mode, content });
  }

  symlink(path: string, at: string, target: string): string | undefined {
    return this.#leaf(path, { kind: 'symlink', at, target });
  }

  /** Folders, the outer ones first. */
  async writeFolders(tar: TarWriter): Promise<void> {
    for (const { path, node } of nodesIn(this.#top))
      if (node.kind === 'folder') await tar.folder(path, node.mode);
  }

  async writeSymlinks(tar: TarWriter): Promise<void> {
    for (const { path, node } of nodesIn(this.#top))
      if (node.kind === 'symlink') await tar.symlink(path, node.target);
  }

  /** What is left of the files, by content, in the order of their first names. */
  files(): Map<Content, NamedContent> {
    const found = new Map<Content, { readonly paths: string[]; readonly mode: number }>();
    for (const { path, node } of nodesIn(this.#top)) {
      if (node.kind !== 'file') continue;
      const named = found.get(node.content);
      if (named === undefined) found.set(node.content, { paths: [path], mode: node.mode });
      else named.paths.push(path);
    }
    return found;
  }

  #leaf(path: string, leaf: Leaf): string | undefined {
    const parts = partsOf(path);
    const name = parts.pop() ?? '';
    const folder = this.#folder(parts, leaf.at);
    if (typeof folder === 'string') return folder;
    const before = folder.inside.get(name);
    if (before?.kind === 'folder' || name === '') {
      return `${path} is a folder${before === undefined ? '' : ` of ${before.at}`} already`;
    }
    folder.inside.set(name, leaf);
    return undefined;
  }

  #folder(parts: readonly string[], at: string): Folder | string {
    let folder = this.#top;
    for (const [index, part] of parts.entries()) {
      let next = folder.inside.get(part);
      if (next === undefined) {
        this.#onFolder();
        next = { kind: 'folder', at, mode: 0o755, inside: new Map() };
        folder.inside.set(part, next);
      }
      if (next.kind !== 'folder') {
        const path = `/${parts.slice(0, index + 1).join('/')}`;
        return `${path} is a ${next.kind === 'file' ? 'file' : 'link'} of ${next.at} already, and can’t be a folder`;
      }
      folder = next;
    }
    return folder;
  }
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

/** Sorted, so that the same bundles make the same bytes. */
function* nodesIn(folder: Folder, path = ''): Generator<{ readonly path: string; readonly node: Node }> {
  const inside = [...folder.inside].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, node] of inside) {
    const at = `${path}/${name}`;
    yield { path: at, node };
    if (node.kind === 'folder') yield* nodesIn(node, at);
  }
}

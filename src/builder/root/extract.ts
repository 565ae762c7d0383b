import { posix } from 'node:path';
import { archiveEntries } from './archiveReader.ts';
import type { Budget } from '../../appliance/archive/budget.ts';
import { linkProblem, type LinkProblem } from '../../appliance/archive/links.ts';
import { isTooLong, partsBelow } from '../../appliance/archive/readTar.ts';
import { HostileArchive } from './hostileArchive.ts';

/** Something in an archive, checked. Paths are relative to the folder it is unpacked into, and stay below it. */
export type ArchiveEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly mode: number;
      /** Bytes. */
      readonly size: number;
      /** Which of the archive's entries it is, for `archiveEntries`. */
      readonly index: number;
    }
  /** `target` is below the folder, or absolute: a path in the image. */
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** `target` is the path of a file in the same archive. */
  | { readonly kind: 'hardLink'; readonly path: string; readonly target: string };

/** Folders in folders: more than people nest, few enough to be looked at one by one. */
const deepest = 128;

/**
 * Looks at all of an archive, which anybody may have made: a tar, plain or compressed, a zip, or one compressed file.
 * No path and no relative link leads out of it, also not through another link; there are no devices; number and size are
 * bounded. What is in it twice is there as it was last, as tar does it.
 * @throws {HostileArchive}, the signal's reason, or an error of the file system
 */
export async function inspectArchive(
  file: string,
  budget: Budget,
  signal: AbortSignal,
): Promise<readonly ArchiveEntry[]> {
  const contents = new Contents(budget);
  const onRead = (bytes: number): void => budget.countRead(bytes);
  for await (const { name, index, entry } of archiveEntries(file, signal, onRead)) {
    budget.countFile();
    const path = relativePath(name);
    switch (entry.kind) {
      case 'directory':
        if (path !== '') contents.add({ kind: 'directory', path, mode: entry.mode });
        break;
      case 'file': {
        let size = 0;
        for await (const chunk of entry.content()) {
          size += chunk.length;
          budget.countBytes(chunk.length);
        }
        contents.add({ kind: 'file', path, mode: entry.mode, size, index });
        break;
      }
      case 'symlink':
        contents.add({ kind: 'symlink', path, target: entry.target });
        break;
      case 'hardLink':
        contents.add({ kind: 'hardLink', path, target: relativePath(entry.target) });
        break;
      case 'other':
        throw new HostileArchive(`“${name}” is a ${entry.what}, not a file`);
    }
  }
  return contents.checked();
}

class Contents {
  readonly #budget: Budget;
  readonly #entries = new Map<string, ArchiveEntry>();
  /** Every folder something is in, whether the archive names it or not, with what is in it. */
  readonly #folders = new Map<string, string>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  add(entry: ArchiveEntry): void {
    const { path } = entry;
    if (path === '') throw new HostileArchive('it has something without a name');
    const before = this.#entries.get(path);
    if (before !== undefined && (before.kind === 'directory') !== (entry.kind === 'directory')) {
      throw new HostileArchive(`“${path}” is in it as a folder and as something else`);
    }
    this.#entries.set(path, entry);
    for (let at = posix.dirname(path); at !== '.' && !this.#folders.has(at); at = posix.dirname(at)) {
      this.#budget.countFile();
      this.#folders.set(at, path);
    }
  }

  /** @throws {HostileArchive} for what can only be said of all of them together */
  checked(): readonly ArchiveEntry[] {
    for (const [folder, inside] of this.#folders) {
      const { kind } = this.#entries.get(folder) ?? { kind: 'directory' };
      if (kind === 'symlink') throw new HostileArchive(`“${inside}” goes through the link “${folder}”`);
      if (kind !== 'directory')
        throw new HostileArchive(`“${inside}” is below “${folder}”, which is no folder`);
    }
    const entries = [...this.#entries.values()];
    const links = entries.filter((entry) => entry.kind === 'symlink');
    const wrong = linkProblem(new Map(links.map(({ path, target }) => [path, target])), 'in the image');
    if (wrong !== undefined) throw new HostileArchive(sentenceOf(wrong));
    for (const entry of entries) if (entry.kind === 'hardLink') this.#checkHardLink(entry.path, entry.target);
    return entries;
  }

  /** To a file that was in the archive before it, under that very name. */
  #checkHardLink(path: string, target: string): void {
    const found = this.#entries.get(target);
    if (found?.kind === 'file') return;
    for (let at = target; at !== '.' && at !== ''; at = posix.dirname(at)) {
      if (this.#entries.get(at)?.kind !== 'symlink') continue;
      throw new HostileArchive(`the hard link “${path}” goes through the link “${at}”`);
    }
    throw new HostileArchive(`the hard link “${path}” leads to “${target}”, which is no file in it`);
  }
}

function sentenceOf({ kind, link, target }: LinkProblem): string {
  if (kind === 'out') return `the link “${link}” leads out of it, to “${target.slice(0, 200)}”`;
  if (kind === 'hops') return `the link “${link}” leads through more than 40 others, or to itself`;
  return `its links are too long to be followed, “${link}” among them`;
}

/** Empty for the archive's top. @throws {HostileArchive} for a path that isn't one below the folder */
function relativePath(name: string): string {
  const shown = name.slice(0, 200);
  const parts = partsBelow(name);
  if (parts === undefined) throw new HostileArchive(`the path “${shown}” leads out of it`);
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  if (/[\0-\x1f\x7f]/.test(name)) throw new HostileArchive('a name in it has a control character');
  if (name.length > 4096 || parts.some(isTooLong) || parts.length > deepest) {
    throw new HostileArchive(`the path “${shown}” is longer than there can be`);
  }
  return parts.join('/');
}

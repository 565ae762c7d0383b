import { constants } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { imagePathProblem } from '../../appliance/template/rules/paths.ts';
import { sourcePath } from '../../appliance/archive/unpackTemplate.ts';
import { hashOfFile } from '../disk/chunks.ts';
import { BuildError } from '../model.ts';
import type { PlannedBundleFile, PlannedBundles } from '../plan/bundles.ts';
import { archiveEntries } from './archiveReader.ts';
import { inspectArchive, type ArchiveEntry } from './extract.ts';
import { bundleBudget, bundleLimits, HostileArchive } from './hostileArchive.ts';
import { ImageTree, type Content, type NamedContent } from './imageTree.ts';
import { writeTar, type TarWriter } from './tarFile.ts';

export interface BundleTreeRequest {
  readonly bundles: PlannedBundles;
  /** The unpacked template archive. */
  readonly filesDir: string;
  readonly signal: AbortSignal;
  readonly limits?: typeof bundleLimits;
}

/** Something of a bundle in the image, and what is done to it there. */
export interface PlacedPath {
  readonly at: string;
  readonly path: string;
  /** `root:root` */
  readonly ownerGroup: string;
  /** Octal; undefined: as laid out. */
  readonly rights: string | undefined;
  readonly symlink: string | undefined;
  /** What the link leads to, where that isn't the path itself: the folder an archive was unpacked into. */
  readonly linkTo?: string;
}

/** An archive of a bundle, with its files that go into the image, by their place in it. */
interface UnpackedArchive {
  readonly source: string;
  readonly files: ReadonlyMap<number, Content>;
}

/** All files of the bundles as they will lie in the image. Nothing is on the disk yet. */
export interface BundleTree {
  readonly placed: readonly PlacedPath[];
  /** Of the files' content, bytes. */
  readonly size: number;
  readonly tree: ImageTree;
  readonly archives: readonly UnpackedArchive[];
}

/**
 * Works out where all files of the bundles go, those in archives, too, before anything is downloaded: what is wrong
 * with them is known in seconds, all of it is said at once, and nothing is written.
 * @throws {BuildError}
 */
export async function layOutBundles(request: BundleTreeRequest): Promise<BundleTree> {
  const { bundles, filesDir, signal } = request;
  const problems: string[] = [];
  for (const { at, source, algorithm, sum } of bundles.sums) {
    const actual = await hashOfFile(sourcePath(filesDir, source), algorithm).catch(() => undefined);
    if (actual !== undefined && actual !== sum.toLowerCase()) {
      problems.push(`${at}: ${source} has the ${algorithm} sum ${actual}, not ${sum}`);
    }
  }
  const layout = new Layout(request);
  for (const file of bundles.files) {
    signal.throwIfAborted();
    const problem = await layout.place(file);
    if (problem !== undefined) problems.push(`${file.at}: ${problem}`);
    if (layout.budget.isSpent) break;
  }
  if (problems.length > 0) throw new BuildError(`${problems.join('; ')}.`, problems.join('\n'));
  return layout.finished();
}

class Layout {
  readonly budget: ReturnType<typeof bundleBudget>;
  readonly #filesDir: string;
  readonly #signal: AbortSignal;
  readonly #placed: PlacedPath[] = [];
  readonly #tree: ImageTree;
  readonly #archives: UnpackedArchive[] = [];

  constructor({ filesDir, signal, limits = bundleLimits }: BundleTreeRequest) {
    this.budget = bundleBudget(limits);
    this.#tree = new ImageTree(() => this.budget.countFile());
    this.#filesDir = filesDir;
    this.#signal = signal;
  }

  finished(): BundleTree {
    return { placed: this.#placed, size: this.budget.bytes, tree: this.#tree, archives: this.#archives };
  }

  /** What is wrong with the file, as the rest of a sentence. */
  async place(file: PlannedBundleFile): Promise<string | undefined> {
    for (const path of [file.target, file.symlink ?? '/']) {
      const problem = imagePathProblem(path);
      if (problem !== undefined) return `the path in the image ${String(problem)}`;
    }
    const source = sourcePath(this.#filesDir, file.source);
    const found = await lstat(source).catch(() => undefined);
    if (found === undefined) return `the template archive has no file “${file.source}”`;
    try {
      if (!file.extract) return await this.#copy(file, source, found.isFile());
      if (!found.isFile()) return `“${file.source}” is no archive`;
      return await this.#unpack(file, source);
    } catch (error) {
      if (!(error instanceof HostileArchive)) throw error;
      return `${file.extract ? 'the archive ' : ''}“${file.source}” is refused: ${error.message}`;
    }
  }

  async #copy(file: PlannedBundleFile, source: string, isFile: boolean): Promise<string | undefined> {
    const { at, target: path, ownerGroup, symlink } = file;
    const problem = await this.#copyTree(source, path, file);
    if (problem !== undefined) return problem;
    this.#placed.push({ at, path, ownerGroup, rights: isFile ? file.rights : undefined, symlink });
    return undefined;
  }

  /**
   * A folder's files all get its rights, its folders may be searched by whom its files may be read. Links stay links:
   * what they lead to is looked for in the image.
   */
  async #copyTree(source: string, path: string, file: PlannedBundleFile): Promise<string | undefined> {
    const mode = parseInt(file.rights, 8);
    const found = await lstat(source);
    this.budget.countFile();
    if (found.isFile()) {
      this.budget.countBytes(found.size);
      return this.#tree.file(path, file.at, mode, { source, size: found.size });
    }
    if (found.isSymbolicLink()) return this.#tree.symlink(path, file.at, await readlink(source));
    if (!found.isDirectory())
      return `“${file.source}” is or has something that is neither a file nor a folder`;
    const problem = this.#tree.folder(path, file.at, (mode | ((mode & 0o444) >> 2)) & 0o7777);
    if (problem !== undefined) return problem;
    for (const name of (await readdir(source)).sort()) {
      const inside = await this.#copyTree(join(source, name), `${path}/${name}`, file);
      if (inside !== undefined) return inside;
    }
    return undefined;
  }

  async #unpack(file: PlannedBundleFile, source: string): Promise<string | undefined> {
    const { at, target, ownerGroup } = file;
    const entries = await inspectArchive(source, this.budget, this.#signal);
    const contents = new Map<string, Content>();
    const files = new Map<number, Content>();
    for (const entry of entries) {
      if (entry.kind !== 'file') continue;
      const content: Content = { size: entry.size };
      contents.set(entry.path, content);
      files.set(entry.index, content);
    }
    this.#archives.push({ source, files });
    const modes = new Map(entries.map((entry) => [entry.path, entry.kind === 'file' ? entry.mode : 0o644]));
    const put = (entry: ArchiveEntry): string | undefined => {
      const path = posix.join(target, entry.path);
      if (entry.kind === 'directory') return this.#tree.folder(path, at, entry.mode);
      if (entry.kind === 'symlink') return this.#tree.symlink(path, at, entry.target);
      const first = entry.kind === 'file' ? entry.path : entry.target;
      const content = contents.get(first);
      return content && this.#tree.file(path, at, modes.get(first) ?? 0o644, content);
    };
    const problem = this.#tree.folder(target, at) ?? firstOf(entries, put);
    if (problem !== undefined) return problem;
    const names = [...new Set(entries.map(({ path }) => path.split('/')[0] ?? ''))].sort();
    for (const [index, name] of names.entries()) {
      const symlink = index === 0 ? file.symlink : undefined;
      this.#placed.push({
        ...{ at, path: posix.join(target, name), ownerGroup, rights: undefined },
        ...{ symlink, linkTo: target },
      });
    }
    return undefined;
  }
}

/** Writes the files of the bundles into a tar: archives are read a second time, into it. */
export async function writeBundles(
  { tree, archives }: BundleTree,
  target: { readonly file: string; readonly epoch: number; readonly signal: AbortSignal },
): Promise<void> {
  await writeTar(target, async (tar) => {
    const files = tree.files();
    await tree.writeFolders(tar);
    for (const [content, named] of files) {
      if (content.source === undefined) continue;
      await using source = await open(content.source, constants.O_RDONLY | constants.O_NOFOLLOW);
      await writeFile(tar, content, named, source.createReadStream({ autoClose: false }));
    }
    for (const { source, files: wanted } of archives) {
      for await (const { index, entry } of archiveEntries(source, target.signal)) {
        const content = wanted.get(index);
        const named = content && files.get(content);
        if (entry.kind === 'file' && named) await writeFile(tar, content, named, entry.content());
      }
    }
    await tree.writeSymlinks(tar);
  });
}

async function writeFile(
  tar: TarWriter,
  { size }: Content,
  { paths, mode }: NamedContent,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  const [first = '', ...others] = paths;
  await tar.file(first, mode, size, bytes);
  for (const path of others) await tar.hardLink(path, first);
}

function firstOf<T>(items: readonly T[], problemOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const problem = problemOf(item);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { sourcePath } from '../../../appliance/unpack.ts';
import { BuildError } from '../model.ts';
import type { PlannedBundleFile, PlannedBundles } from '../plan/bundles.ts';
import { extractArchive, HostileArchive } from './extract.ts';

export interface BundleTreeRequest {
  readonly bundles: PlannedBundles;
  /** The unpacked template archive. */
  readonly filesDir: string;
  /** A new folder: the files lie in it as they will lie in the image. */
  readonly folder: string;
  readonly signal: AbortSignal;
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

/**
 * Lays out all files of the bundles, archives unpacked, before anything is downloaded: what is wrong with them is
 * known in seconds. All that is wrong is said at once.
 * @throws {BuildError}
 */
export async function layOutBundles({
  bundles,
  filesDir,
  folder,
  signal,
}: BundleTreeRequest): Promise<PlacedPath[]> {
  const problems: string[] = [];
  const placed: PlacedPath[] = [];
  await mkdir(folder, { recursive: true });
  for (const { at, source, algorithm, sum } of bundles.sums) {
    const actual = await hashOf(sourcePath(filesDir, source), algorithm).catch(() => undefined);
    if (actual !== undefined && actual !== sum.toLowerCase()) {
      problems.push(`${at}: ${source} has the ${algorithm} sum ${actual}, not ${sum}`);
    }
  }
  for (const file of bundles.files) {
    signal.throwIfAborted();
    const result = await place(file, filesDir, folder, signal);
    if (typeof result === 'string') problems.push(`${file.at}: ${result}`);
    else placed.push(...result);
  }
  if (problems.length > 0) throw new BuildError(`${problems.join('; ')}.`, problems.join('\n'));
  return placed;
}

/** What was placed, or what is wrong with the file as the rest of a sentence. */
async function place(
  file: PlannedBundleFile,
  filesDir: string,
  folder: string,
  signal: AbortSignal,
): Promise<PlacedPath[] | string> {
  const { at, ownerGroup, symlink } = file;
  const source = sourcePath(filesDir, file.source);
  const found = await lstat(source).catch(() => undefined);
  if (found === undefined) return `the template archive has no file “${file.source}”`;
  const target = join(folder, file.target);
  if (!file.extract) {
    await copyTree(source, target, file.rights);
    const rights = found.isDirectory() ? undefined : file.rights;
    return [{ at, path: file.target, ownerGroup, rights, symlink }];
  }
  // Beside the tree first: of an archive that is refused nothing is in it.
  const apart = await mkdtemp(`${folder}-`);
  try {
    await extractArchive(source, apart, signal);
    const names = await readdir(apart);
    await moveInto(apart, target);
    return names.map((name, index) => ({
      at,
      path: join(file.target, name),
      ownerGroup,
      rights: undefined,
      symlink: index === 0 ? symlink : undefined,
      linkTo: file.target,
    }));
  } catch (error) {
    if (!(error instanceof HostileArchive)) throw error;
    return `the archive “${file.source}” is refused: ${error.message}`;
  } finally {
    await rm(apart, { recursive: true, force: true });
  }
}

/** A folder's files all get its rights, its folders may be searched by whom its files may be read. */
async function copyTree(source: string, target: string, rights: string): Promise<void> {
  const mode = parseInt(rights, 8);
  const found = await lstat(source);
  await mkdir(dirname(target), { recursive: true });
  if (!found.isDirectory()) {
    await copyFile(source, target);
    await chmod(target, mode);
    return;
  }
  await mkdir(target, { recursive: true });
  for (const name of await readdir(source)) await copyTree(join(source, name), join(target, name), rights);
  await chmod(target, (mode | ((mode & 0o444) >> 2)) & 0o7777);
}

async function moveInto(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) {
    const [source, target] = [join(from, name), join(to, name)];
    const [moving, there] = [await lstat(source), await lstat(target).catch(() => undefined)];
    if (moving.isDirectory() && there?.isDirectory() === true) await moveInto(source, target);
    else {
      await rm(target, { recursive: true, force: true });
      await rename(source, target);
    }
  }
}

async function hashOf(path: string, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash, { end: false });
  return hash.digest('hex');
}

import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import type { RootFile } from './bootScripts.ts';
import { writeTar, type TarWriter } from './tarFile.ts';

/** A file of this computer that goes along; `path` is where it will be. */
interface TakenFile {
  readonly path: string;
  readonly from: string;
}

export interface Overlay {
  /** The new tar. */
  readonly file: string;
  readonly files: readonly RootFile[];
  readonly taken?: readonly TakenFile[];
  /** Seconds since 1970: the date of all. */
  readonly epoch: number;
  readonly signal: AbortSignal;
}

/** Packs files for the root, with the folders they are in, into a tar that is unpacked inside it. */
export async function writeOverlay({ files, taken = [], ...target }: Overlay): Promise<void> {
  await writeTar(target, async (tar) => {
    const folders = new Set<string>();
    for (const { path, mode, content } of files) {
      await addFolders(path, tar, folders);
      const bytes = Buffer.from(content);
      await tar.file(path, mode, bytes.length, [bytes]);
    }
    for (const { path, from } of taken) {
      await addFolders(path, tar, folders);
      await using source = await open(from);
      await tar.file(path, 0o644, (await source.stat()).size, source.createReadStream({ autoClose: false }));
    }
  });
}

async function addFolders(path: string, tar: TarWriter, known: Set<string>): Promise<void> {
  const folder = posix.dirname(path);
  if (folder === '/' || folder === '.' || known.has(folder)) return;
  await addFolders(folder, tar, known);
  known.add(folder);
  await tar.folder(folder, folder.endsWith('/.ssh') ? 0o700 : 0o755);
}

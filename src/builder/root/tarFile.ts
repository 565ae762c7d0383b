import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { pack, type Header, type Pack } from 'tar-stream';
import { writeEntry, type TarContent } from '../../appliance/archive/writeTar.ts';
import { imagePathProblem } from '../../appliance/template/rules/paths.ts';
import { BuildError } from '../model.ts';

/** So that rights of 000 are rights, too: tar-stream takes a mode of 0 for none. */
const regularFile = 0o100000;
const folderItself = 0o040000;

/**
 * Writes files for the root into one tar, everything root's own and of one date. Names out of a definition are names
 * in the archive only, never paths on this computer: it is unpacked by tar inside the root.
 */
export async function writeTar(
  { file, epoch, signal }: { readonly file: string; readonly epoch: number; readonly signal: AbortSignal },
  fill: (tar: TarWriter) => Promise<void>,
): Promise<void> {
  const archive = pack();
  // Its owner's only: passwords' hashes may be in it.
  const written = pipeline(archive, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
  const filled = fill(new TarWriter(archive, epoch)).then(() => archive.finalize());
  try {
    await Promise.all([written, filled]);
  } catch (error) {
    archive.destroy();
    await Promise.allSettled([written, filled]);
    signal.throwIfAborted();
    throw error;
  }
}

/** Paths are those in the root, with or without the slash before them. Folders come before what is in them. */
export class TarWriter {
  readonly #archive: Pack;
  readonly #mtime: Date;

  constructor(archive: Pack, epoch: number) {
    this.#archive = archive;
    this.#mtime = new Date(epoch * 1000);
  }

  async folder(path: string, mode: number): Promise<void> {
    await this.#entry(path, { type: 'directory', mode: folderItself | mode });
  }

  async symlink(path: string, linkname: string): Promise<void> {
    await this.#entry(path, { type: 'symlink', linkname, mode: 0o777 });
  }

  /** @param target the path of a file that is in the archive already */
  async hardLink(path: string, target: string): Promise<void> {
    await this.#entry(path, { type: 'link', linkname: nameInTar(target) });
  }

  /** @param size of the content, in bytes: it has neither more nor less */
  async file(path: string, mode: number, size: number, content: TarContent): Promise<void> {
    await this.#entry(path, { type: 'file', mode: regularFile | mode, size }, content);
  }

  async #entry(path: string, header: Partial<Header>, content: TarContent = []): Promise<void> {
    await writeEntry(
      this.#archive,
      { ...header, name: nameInTar(path), uid: 0, gid: 0, mtime: this.#mtime },
      content,
    );
  }
}

/** @throws {BuildError} for what is no path inside the root */
function nameInTar(path: string): string {
  const absolute = path.startsWith('/') ? path : `/${path}`;
  const problem = absolute === '/' ? 'is empty' : imagePathProblem(absolute);
  if (problem !== undefined)
    throw new BuildError(`A file of the image has a path that can’t be: it ${String(problem)}.`);
  return absolute
    .split('/')
    .filter((part) => part !== '')
    .join('/');
}

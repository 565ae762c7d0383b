import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, readlink, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';

/** A file that is packed in place of one, or beside those of the folder. */
export interface PackedText {
  readonly name: string;
  readonly text: string;
}

/**
 * Packs a folder of an unpacked archive again, as a gzip tar: sorted, without dates or owners, so the same files always
 * make the same bytes. Files named in `except` stay out. When it fails, what has been written of `target` stays.
 */
export async function packFolder(
  folder: string,
  target: string,
  init: { readonly except: readonly string[]; readonly text: PackedText; readonly signal?: AbortSignal },
): Promise<void> {
  const tar = pack();
  const written = pipeline(
    tar,
    createGzip(),
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    init.signal ? { signal: init.signal } : {},
  );
  // Its own failure is told by `written`, which ends the tar.
  const filled = fill(tar, folder, init).catch((error: unknown) => {
    tar.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  await Promise.all([written, filled]);
}

async function fill(
  tar: Pack,
  folder: string,
  { except, text }: { readonly except: readonly string[]; readonly text: PackedText },
): Promise<void> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const kinds = new Map(
    found.map((entry) => [
      relative(folder, join(entry.parentPath, entry.name)),
      entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'symlink' : 'folder',
    ]),
  );
  for (const name of [...kinds.keys()]
    .filter((each) => !except.includes(each))
    .concat(text.name)
    .sort()) {
    const path = join(folder, name);
    if (name === text.name) tar.entry(header(name, 0o644), text.text);
    else if (kinds.get(name) === 'file') await addFile(tar, path, name);
    else if (kinds.get(name) === 'symlink')
      tar.entry({ ...header(name, 0o777), type: 'symlink', linkname: await readlink(path) });
    else if ((await readdir(path)).length === 0) tar.entry({ ...header(name, 0o755), type: 'directory' });
  }
  tar.finalize();
}

async function addFile(tar: Pack, path: string, name: string): Promise<void> {
  const { mode, size } = await stat(path);
  const entry = tar.entry({ ...header(name, (mode & 0o111) === 0 ? 0o644 : 0o755), size });
  await pipeline(createReadStream(path), entry);
}

function header(name: string, mode: number) {
  return { name, mode, mtime: new Date(0), uid: 0, gid: 0, type: 'file' as const };
}

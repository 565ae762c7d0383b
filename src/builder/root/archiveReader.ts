import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { fromFd, type Entry, type ZipFile } from 'yauzl';
import { tarEntries, through, type FileEntry, type OtherEntry } from '../../appliance/archive/readTar.ts';
import { isSystemError } from '../../uforge/systemError.ts';
import { HostileArchive } from './hostileArchive.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** Something in an archive as the archive says, unchecked. */
export interface ReadEntry {
  /** Counts from 0. */
  readonly index: number;
  readonly name: string;
  readonly entry: FileEntry | OtherEntry;
}

type Unnumbered = Omit<ReadEntry, 'index'>;

/**
 * Reads an archive from its beginning to its end: a tar, plain or compressed, a zip, or one compressed file, by the
 * ending of its name. Nothing is written.
 * @param file never opened through a symbolic link
 * @param onRead is told how many bytes of the archive were read, decompressed; it may throw
 * @throws {HostileArchive} when it is damaged, the signal's reason, or an error of the file system
 */
export async function* archiveEntries(
  file: string,
  signal: AbortSignal,
  onRead: (bytes: number) => void = () => undefined,
): AsyncGenerator<ReadEntry> {
  await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  const source: Source = { handle, name: basename(file).toLowerCase(), signal, onRead };
  const damaged = (error: unknown): unknown => {
    signal.throwIfAborted();
    if (error instanceof HostileArchive || isSystemError(error)) return error;
    return new HostileArchive(`it is damaged: ${messageOf(error)}`);
  };
  let index = 0;
  try {
    for await (const { name, entry } of entriesOf(source, basename(file))) {
      const told =
        entry.kind === 'file' ? { ...entry, content: () => failing(entry.content, damaged) } : entry;
      yield { name, entry: told, index: index++ };
    }
  } catch (error) {
    throw damaged(error);
  }
}

async function* failing(
  content: () => AsyncIterable<Uint8Array>,
  as: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array> {
  try {
    yield* content();
  } catch (error) {
    throw as(error);
  }
}

interface Source {
  readonly handle: FileHandle;
  /** In small letters. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly onRead: (bytes: number) => void;
}

function entriesOf(source: Source, fileName: string): AsyncGenerator<Unnumbered> {
  if (source.name.endsWith('.zip')) return zipEntries(source);
  if (/\.(tar|tgz|tbz2?|txz)$|\.tar\.\w+$/.test(source.name))
    return tarEntries(decompressed(source), source.onRead, source.signal);
  return singleFile(source, fileName.replace(/\.\w+$/, ''));
}

// eslint-disable-next-line @typescript-eslint/require-await -- one entry, as the others have many
async function* singleFile(source: Source, name: string): AsyncGenerator<Unnumbered> {
  yield { name, entry: { kind: 'file', mode: 0o644, content: () => decompressed(source) } };
}

/** yauzl refuses absolute paths and `..` by itself; links are a Unix mode in a zip's own words. */
async function* zipEntries({ handle, signal }: Source): AsyncGenerator<Unnumbered> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromFd(handle.fd, { lazyEntries: true, autoClose: false }, (error, found) => {
      if (error === null) resolve(found);
      else reject(error);
    });
  });
  for await (const entry of entriesOfZip(zip)) {
    signal.throwIfAborted();
    const { fileName: name, externalFileAttributes, uncompressedSize } = entry;
    const mode = externalFileAttributes >>> 16;
    const kind = mode & 0o170000;
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield* (await contentOf(zip, entry)) as AsyncIterable<Uint8Array>;
    };
    // One that was not made on Unix says no rights.
    const rights = (usual: number): number => (mode === 0 ? usual : mode & 0o7777);
    if (name.endsWith('/')) yield { name, entry: { kind: 'directory', mode: rights(0o755) } };
    else if (kind === 0 || kind === 0o100000) {
      yield { name, entry: { kind: 'file', mode: rights(0o644), content } };
    } else if (kind === 0o120000 && uncompressedSize < 4096) {
      yield { name, entry: { kind: 'symlink', target: await textOf(content() as AsyncIterable<Buffer>) } };
    } else yield { name, entry: { kind: 'other', what: 'device or a long link' } };
  }
}

async function* entriesOfZip(zip: ZipFile): AsyncGenerator<Entry> {
  for (;;) {
    const entry = await new Promise<Entry | undefined>((resolve, reject) => {
      zip.removeAllListeners();
      zip.once('entry', resolve);
      zip.once('end', () => resolve(undefined));
      zip.once('error', reject);
      zip.readEntry();
    });
    if (entry === undefined) return;
    yield entry;
  }
}

function contentOf(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      // It may fail before anybody reads it (more bytes than it says); who reads it then is told.
      if (error === null) resolve(stream.on('error', () => undefined));
      else reject(error);
    });
  });
}

/** The bytes behind whatever the file's name says it is compressed with. Tools get the open file, never its name. */
function decompressed({ handle, name, signal }: Source): Readable {
  const tool = /\.(bz2|tbz2?)$/.test(name) ? 'bzip2' : /\.(xz|txz)$/.test(name) ? 'xz' : undefined;
  if (tool !== undefined) return outputOf(tool, handle, signal);
  const source = handle.createReadStream({ autoClose: false, start: 0 });
  if (/\.(t?gz)$/.test(name)) return through(source, createGunzip());
  if (name.endsWith('.zst')) return through(source, createZstdDecompress());
  return source;
}

function outputOf(tool: string, { fd }: FileHandle, signal: AbortSignal): Readable {
  // An archive says how much it takes: 65 MB at most where xz was left to itself, and 4 GB where it was not.
  const options = tool === 'xz' ? ['-dc', '--memlimit-decompress=256MiB'] : ['-dc'];
  const child = spawn(tool, options, { stdio: [fd, 'pipe', 'pipe'], signal });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(0, 1000)));
  // The end of the output says nothing yet: the exit code does.
  const output = new PassThrough();
  child.stdout?.pipe(output, { end: false });
  output.on('close', () => child.kill());
  child.on('error', (error) => output.destroy(error));
  child.on('close', (code) => {
    if (code === 0) output.end();
    else output.destroy(new Error(said.trim()));
  });
  return output;
}

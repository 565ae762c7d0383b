import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Expected } from './target.ts';

/** Bytes written at once. */
const pieceSize = 1 << 20;

/** Bytes the disk is asked to keep at once, while more arrive: what is left for the end takes no time then. */
const settledSize = 32 << 20;

/**
 * The file a download grows in, with the checksum of what is in it. Whatever happens the bytes stay, for the
 * next try; `finish` makes it the image, `discard` removes it.
 */
export class Part implements AsyncDisposable {
  readonly path: string;
  readonly #file: FileHandle;
  readonly #algorithm: string;
  #hash: Hash;
  #bytes: number;
  /** What is not written yet, and how much it is. */
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  /** What the disk has not been asked to keep yet. */
  #unsettledBytes = 0;
  #settling: Promise<void> | undefined;
  #open = true;

  private constructor(path: string, file: FileHandle, algorithm: string, hash: Hash, bytes: number) {
    this.path = path;
    this.#file = file;
    this.#algorithm = algorithm;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** Opens the part, and reads what an earlier try left in it. `keep` false: starts from nothing. */
  static async open(
    path: string,
    checksum: Expected['checksum'],
    keep: boolean,
    signal: AbortSignal | undefined,
  ): Promise<Part> {
    const algorithm = checksum?.algorithm ?? 'sha256';
    const file = await open(path, constants.O_RDWR | constants.O_CREAT).catch((error: unknown) => {
      throw fileFailure(path, error);
    });
    try {
      const hash = createHash(algorithm);
      let bytes = 0;
      if (!keep) await file.truncate(0);
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
        signal?.throwIfAborted();
        hash.update(chunk);
        bytes += chunk.byteLength;
      }
      return new Part(path, file, algorithm, hash, bytes);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Hexadecimal, of everything that came so far. */
  digest(): string {
    const hash = this.#hash.copy();
    for (const chunk of this.#pending) hash.update(chunk);
    return hash.digest('hex');
  }

  /** Takes what comes next. It is written a little later, in larger pieces, while more of it arrives. */
  async append(chunk: Uint8Array): Promise<void> {
    this.#pending.push(chunk);
    this.#pendingBytes += chunk.byteLength;
    this.#bytes += chunk.byteLength;
    if (this.#pendingBytes >= pieceSize) await this.#writePending();
  }

  async restart(): Promise<void> {
    this.#drop();
    await this.#written();
    await this.#file.truncate(0);
    this.#hash = createHash(this.#algorithm);
    this.#bytes = 0;
  }

  /** Safely on the disk, under its final name. */
  async finish(path: string): Promise<void> {
    await this.#flush();
    await this.#file.sync();
    await this[Symbol.asyncDispose]();
    await rename(this.path, path).catch((error: unknown) => {
      throw fileFailure(path, error);
    });
  }

  async discard(): Promise<void> {
    this.#drop();
    await this[Symbol.asyncDispose]();
    await rm(this.path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#flush();
    } finally {
      await this.#settling;
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    await this.#writePending();
    await this.#written();
  }

  /** Waits for the piece that is being written. A failure is told once, and nothing is written behind it. */
  async #written(): Promise<void> {
    const writing = this.#writing;
    this.#writing = Promise.resolve();
    try {
      await writing;
    } catch (error) {
      this.#drop();
      throw fileFailure(this.path, error);
    }
  }

  /** Lets the disk begin with what is written. Whether it succeeds, `finish` asks again. */
  #settle(): void {
    if (this.#unsettledBytes < settledSize || this.#settling !== undefined) return;
    this.#unsettledBytes = 0;
    this.#settling = this.#file
      .datasync()
      .catch(() => undefined)
      .finally(() => (this.#settling = undefined));
  }

  #drop(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  /** Begins to write what is pending once the piece before it is written, and hashes it meanwhile. */
  async #writePending(): Promise<void> {
    await this.#written();
    this.#settle();
    const chunks = this.#pending;
    if (chunks.length === 0) return;
    this.#unsettledBytes += this.#pendingBytes;
    // At its place rather than at the end: two windows that load the same image write the same bytes there.
    this.#writing = writeAll(this.#file, chunks, this.#bytes - this.#pendingBytes);
    // Whoever waits for it meets the failure.
    this.#writing.catch(() => undefined);
    this.#drop();
    for (const chunk of chunks) this.#hash.update(chunk);
  }
}

async function writeAll(file: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let at = position;
  let { bytesWritten } = await file.writev(chunks, at);
  // A disk that is nearly full takes less than it is given; the next write says why.
  for (const chunk of chunks) {
    const taken = Math.min(bytesWritten, chunk.byteLength);
    bytesWritten -= taken;
    for (let written = taken; written < chunk.byteLength;) {
      const rest = chunk.byteLength - written;
      written += (await file.write(chunk, written, rest, at + written)).bytesWritten;
    }
    at += chunk.byteLength;
  }
}

function fileFailure(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : message;
  return new Error(`${path} could not be written: ${reason}. Nothing of the download is lost; try again.`, {
    cause: error,
  });
}

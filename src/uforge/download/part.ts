import { createHash, type Hash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Expected } from './target.ts';

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
    return this.#hash.copy().digest('hex');
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    // A disk that is nearly full takes less than it is given; the next write says why.
    for (let written = 0; written < chunk.byteLength;) {
      const rest = chunk.byteLength - written;
      // At its place rather than at the end: two windows that load the same image write the same bytes there.
      const { bytesWritten } = await this.#file
        .write(chunk, written, rest, this.#bytes)
        .catch((error: unknown) => {
          throw fileFailure(this.path, error);
        });
      written += bytesWritten;
      this.#bytes += bytesWritten;
    }
  }

  async restart(): Promise<void> {
    await this.#file.truncate(0);
    this.#hash = createHash(this.#algorithm);
    this.#bytes = 0;
  }

  /** Safely on the disk, under its final name. */
  async finish(path: string): Promise<void> {
    await this.#file.sync();
    await this[Symbol.asyncDispose]();
    await rename(this.path, path).catch((error: unknown) => {
      throw fileFailure(path, error);
    });
  }

  async discard(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await rm(this.path, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close();
  }
}

function fileFailure(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'the disk is full' : message;
  return new Error(`${path} could not be written: ${reason}. Nothing of the download is lost; try again.`, {
    cause: error,
  });
}

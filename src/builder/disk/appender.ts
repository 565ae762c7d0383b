import type { FileHandle } from 'node:fs/promises';

const bufferSize = 2 ** 21;
const zeros = Buffer.alloc(2 ** 16);

/** Appends to a file in few system calls and little memory: what was given may be used again afterwards. */
export class Appender {
  readonly #file: FileHandle;
  readonly #buffer = Buffer.allocUnsafeSlow(bufferSize);
  #filled = 0;
  #end = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Where the next byte goes. */
  get end(): number {
    return this.#end;
  }

  async append(...parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) {
      for (let from = 0; from < part.length;) {
        const copied = part.copy(this.#buffer, this.#filled, from);
        this.#filled += copied;
        this.#end += copied;
        from += copied;
        if (this.#filled === bufferSize) await this.flush();
      }
    }
  }

  /** Zeros up to the next multiple, of 64 KiB at most. */
  async pad(multiple: number): Promise<void> {
    await this.append(zeros.subarray(0, (multiple - (this.#end % multiple)) % multiple));
  }

  async flush(): Promise<void> {
    const from = this.#end - this.#filled;
    for (let written = 0; written < this.#filled;) {
      const left = this.#filled - written;
      written += (await this.#file.write(this.#buffer, written, left, from + written)).bytesWritten;
    }
    this.#filled = 0;
  }
}

export interface UnpackLimits {
  /** Of everything inside, unpacked. */
  readonly bytes: number;
  readonly files: number;
}

/** What a file takes in a tar besides its content: header, long name, padding. */
const overhead = 2048;

/** What is left of the limits for archives that anybody may have made; each count throws once nothing is. */
export class Budget {
  readonly #limits: UnpackLimits;
  readonly #refusal: (of: keyof UnpackLimits, most: number) => Error;
  #files = 0;
  #bytes = 0;
  #read = 0;

  /** @param refusal what is thrown; bytes are told in MB */
  constructor(limits: UnpackLimits, refusal: (of: keyof UnpackLimits, most: number) => Error) {
    this.#limits = limits;
    this.#refusal = refusal;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isSpent(): boolean {
    const { bytes, files } = this.#limits;
    return this.#files > files || this.#bytes > bytes || this.#read > bytes + files * overhead;
  }

  countFile(): void {
    this.#files++;
    if (this.isSpent) throw this.#refusal('files', this.#limits.files);
  }

  countBytes(more: number): void {
    this.#bytes += more;
    if (this.isSpent) throw this.#tooLarge();
  }

  /** Of an archive's bytes, headers and padding, too, of which nothing has to reach a file. */
  countRead(more: number): void {
    this.#read += more;
    if (this.isSpent) throw this.#tooLarge();
  }

  #tooLarge(): Error {
    return this.#refusal('bytes', Math.floor(this.#limits.bytes / 1024 ** 2));
  }
}

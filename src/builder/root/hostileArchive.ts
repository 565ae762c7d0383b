/** An archive of a bundle that must not be unpacked: what is wrong with it, as the rest of a sentence. */
export class HostileArchive extends Error {
  override readonly name = 'HostileArchive';
}

/** Of everything the bundles put into an image, unpacked. */
export interface BundleLimits {
  readonly bytes: number;
  readonly files: number;
}

export const bundleLimits: BundleLimits = { bytes: 8 * 1024 ** 3, files: 200_000 };

/** What a file takes in a tar besides its content: header, long name, padding. */
const overhead = 2048;

/** What is left of the limits; everything that is laid out for one image shares it. */
export class Budget {
  readonly #limits: BundleLimits;
  #files = 0;
  #bytes = 0;
  #read = 0;

  constructor(limits: BundleLimits) {
    this.#limits = limits;
  }

  /** Bytes so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get isSpent(): boolean {
    const { bytes, files } = this.#limits;
    return this.#files > files || this.#bytes > bytes || this.#read > bytes + files * overhead;
  }

  /** @throws {HostileArchive} */
  countFile(): void {
    this.#files++;
    if (this.isSpent) {
      throw new HostileArchive(`with all that is before it, it has more than ${this.#limits.files} files`);
    }
  }

  /** @throws {HostileArchive} */
  countBytes(more: number): void {
    this.#bytes += more;
    this.#refuseTooLarge();
  }

  /** Of an archive's bytes, headers and padding, too, of which nothing has to reach a file. @throws {HostileArchive} */
  countRead(more: number): void {
    this.#read += more;
    this.#refuseTooLarge();
  }

  #refuseTooLarge(): void {
    if (!this.isSpent) return;
    const most = Math.floor(this.#limits.bytes / 1024 ** 2);
    throw new HostileArchive(`with all that is before it, it is larger than ${most} MB unpacked`);
  }
}

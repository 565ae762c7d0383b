import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

interface Digest {
  readonly size: number;
  readonly mtime: number;
  readonly sha256: string;
}

/** SHA-256 of the files computers boot from, each read once as long as it stays what it is. */
export class FileDigests {
  readonly #known = new Map<string, Digest>();

  /** @param mtime ms since 1970 */
  async of(path: string, size: number, mtime: number): Promise<string> {
    const known = this.#known.get(path);
    if (known?.size === size && known.mtime === mtime) return known.sha256;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const sha256 = hash.digest('hex');
    this.#known.set(path, { size, mtime, sha256 });
    return sha256;
  }
}

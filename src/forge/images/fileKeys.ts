import { timingSafeEqual } from 'node:crypto';
import type { Vault } from '../store/vault.ts';

/**
 * Keys to the files an image is booted from over the network. A computer that starts has no credentials, and
 * what it is told is for all to see on its kernel's command line: a key there opens this image's files and
 * nothing else. It is the same as long as the image is there, since boot servers keep the script it is in,
 * and ends with the image: ids are never used again.
 */
export class FileKeys {
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  /** 32 hex digits. */
  keyOf(itid: number): string {
    return this.#vault.derive(`files of image ${itid}`).toString('hex').slice(0, 32);
  }

  isValid(itid: number, key: string): boolean {
    const right = Buffer.from(this.keyOf(itid));
    const given = Buffer.from(key);
    return right.length === given.length && timingSafeEqual(right, given);
  }
}

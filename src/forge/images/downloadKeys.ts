import { randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * One-time download keys (`image/downloadKey`). A ticket has one at a time, which is spent by the first
 * download that begins with it; the next `machineImage_get` then carries a new one. They live as long as the
 * forge does.
 */
export class DownloadKeys {
  readonly #keys = new Map<number, string>();

  /** The ticket's unspent key: 32 hex digits. */
  keyOf(itid: number): string {
    const known = this.#keys.get(itid);
    if (known !== undefined) return known;
    const key = randomBytes(16).toString('hex');
    this.#keys.set(itid, key);
    return key;
  }

  isValid(itid: number, key: string): boolean {
    const known = Buffer.from(this.#keys.get(itid) ?? '');
    const given = Buffer.from(key);
    return known.length > 0 && known.length === given.length && timingSafeEqual(known, given);
  }

  /** @returns whether it was the ticket's unspent key: true for one caller only */
  spend(itid: number, key: string): boolean {
    return this.isValid(itid, key) && this.#keys.delete(itid);
  }

  /** The ticket has gone, and its key with it. */
  forget(itid: number): void {
    this.#keys.delete(itid);
  }
}

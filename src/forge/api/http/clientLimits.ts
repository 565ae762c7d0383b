import type { Clock } from '../../../uforge/clock.ts';

/** Seconds of requests that may come at once: a page of images, a folder of templates. */
const burstSeconds = 10;
/** Who has sent nothing for so long is forgotten. */
const forgetAfterMs = burstSeconds * 1000;

/**
 * How much one client may ask. A bucket for each address and each user, which fills with time; what is in it
 * may be asked at once.
 */
export class ClientLimits {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  /** @param perSecond 0 = any number */
  constructor(perSecond: number, clock: Clock) {
    this.#perSecond = perSecond;
    this.#clock = clock;
  }

  /** Whether that client may ask once more now. */
  take(client: string): boolean {
    if (this.#perSecond === 0) return true;
    const now = this.#clock.now();
    const full = this.#perSecond * burstSeconds;
    const before = this.#buckets.get(client) ?? { left: full, at: now };
    // A clock that was set back gives nothing and takes nothing.
    const gained = (Math.max(0, now - before.at) / 1000) * this.#perSecond;
    const left = Math.min(full, before.left + gained);
    this.#buckets.delete(client);
    this.#buckets.set(client, { left: Math.max(0, left - 1), at: now });
    this.#forget(now);
    return left >= 1;
  }

  /** Those asked for longest ago come first; a full bucket is as good as none. */
  #forget(now: number): void {
    for (const [client, { at }] of this.#buckets) {
      if (now - at < forgetAfterMs) return;
      this.#buckets.delete(client);
    }
  }
}

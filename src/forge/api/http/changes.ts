import type { Clock } from '../../../uforge/clock.ts';

/** How often the revision is looked at while somebody waits, ms: short for a person, long for a computer. */
const tickMs = 50;

/**
 * Lets requests wait until something in the database has changed. The revision tells of every change whoever
 * made it, and costs microseconds to look at; nothing is looked at while nobody waits.
 */
export class Changes {
  readonly #revisionNow: () => string;
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #ticking = false;

  constructor(revisionNow: () => string, clock: Clock) {
    this.#revisionNow = revisionNow;
    this.#clock = clock;
  }

  get revision(): string {
    return this.#revisionNow();
  }

  /** Runs `callback` once after `delayMs`. */
  schedule(delayMs: number, callback: () => void): Disposable {
    return this.#clock.schedule(delayMs, callback);
  }

  /** Resolves with true once the revision is another than this one, with false when the signal is aborted. */
  after(revision: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (): void => {
        const changed = this.#revisionNow() !== revision;
        if (changed || signal.aborted) {
          this.#waiting.delete(look);
          resolve(changed && !signal.aborted);
        }
      };
      this.#waiting.add(look);
      look();
      this.#tick();
    });
  }

  #tick(): void {
    if (this.#ticking || this.#waiting.size === 0) return;
    this.#ticking = true;
    this.#clock.schedule(tickMs, () => {
      this.#ticking = false;
      for (const look of [...this.#waiting]) look();
      this.#tick();
    });
  }
}

import type { Clock } from '../../uforge/clock.ts';
import type { Transferred } from './publisher.ts';

/** A status is not written more often, ms. */
const paceMs = 250;

type Tell = (message: string, bytes?: Transferred) => void;

/** Writes how far a publication is: a new step at once, more bytes now and then, and the last of them in any case. */
export class PacedProgress implements Disposable {
  readonly #write: Tell;
  readonly #clock: Clock;
  #message: string | undefined;
  #bytes: Transferred | undefined;
  #waiting: Disposable | undefined;

  constructor(write: Tell, clock: Clock) {
    this.#write = write;
    this.#clock = clock;
  }

  tell(message: string, bytes?: Transferred): void {
    const isNew = message !== this.#message;
    this.#message = message;
    this.#bytes = bytes;
    if (!isNew && this.#waiting !== undefined) return;
    this.#waiting?.[Symbol.dispose]();
    this.#writeNow(message);
  }

  #writeNow(message: string): void {
    const written = this.#bytes;
    this.#write(message, written);
    this.#waiting = this.#clock.schedule(paceMs, () => {
      this.#waiting = undefined;
      if (this.#bytes !== written) this.#writeNow(message);
    });
  }

  [Symbol.dispose](): void {
    this.#waiting?.[Symbol.dispose]();
  }
}

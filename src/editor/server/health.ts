import { Emitter } from '../../tickets/emitter.ts';
import type { Clock } from '../../uforge/clock.ts';

/** How a server was when it was asked last. */
export interface Health {
  readonly online: boolean;
  /** When it last answered, ms since 1970. */
  readonly seen?: number;
  readonly error?: unknown;
  /** When it is asked again by itself, ms since 1970. */
  readonly retryAt?: number;
}

/** What is known of every server's health, from whoever asked it. */
export class ServerHealth implements Disposable {
  readonly #clock: Clock;
  readonly #health = new Map<string, Health>();
  readonly #changed = new Emitter<string>();

  /** Fires with the server when it goes, when it comes back, and with every failed try. */
  readonly onDidChange = this.#changed.event;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(server: string): Health | undefined {
    return this.#health.get(server);
  }

  /** Those that did not answer. */
  get offline(): readonly (readonly [server: string, health: Health])[] {
    return [...this.#health].filter(([, { online }]) => !online);
  }

  answered(server: string): void {
    const before = this.#health.get(server);
    this.#health.set(server, { online: true, seen: this.#clock.now() });
    if (before?.online === false) this.#changed.fire(server);
  }

  failed(server: string, error: unknown, retryAt?: number): void {
    const seen = this.#health.get(server)?.seen;
    this.#health.set(server, {
      online: false,
      error,
      ...(seen !== undefined && { seen }),
      ...(retryAt !== undefined && { retryAt }),
    });
    this.#changed.fire(server);
  }

  /** Nothing is known of it any more: it has left the settings, or somebody has signed in anew. */
  forget(server: string): void {
    if (this.#health.delete(server)) this.#changed.fire(server);
  }

  [Symbol.dispose](): void {
    this.#changed[Symbol.dispose]();
  }
}

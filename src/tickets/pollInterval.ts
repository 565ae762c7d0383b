/** How often a server is asked, in ms. */
export interface PollSettings {
  /** While something changes. */
  readonly fastMs: number;
  /** At most, while something runs but nothing changes. */
  readonly slowMs: number;
}

/** Somebody waits for nothing else: ask often. */
export const watchedPollSettings: PollSettings = { fastMs: 1_000, slowMs: 5_000 };

/** What the last request brought. */
export type PollOutcome = 'changed' | 'unchanged' | 'failed';

/** The longest wait for a server that does not answer, unless the settings ask for a longer one. */
const longestBackOffMs = 30_000;

/** Between two requests to a server that holds them: changes that come in a burst are seen together. */
const heldGapMs = 150;

/** The time until the next request: short when something changed, ever longer while nothing does. */
export class PollInterval {
  readonly #settings: () => PollSettings;
  #delayMs = 0;

  constructor(settings: () => PollSettings) {
    this.#settings = settings;
  }

  next(outcome: PollOutcome): number {
    const { fastMs, slowMs } = this.#settings();
    const slowest = outcome === 'failed' ? Math.max(slowMs, longestBackOffMs) : slowMs;
    const most = Math.max(slowest, fastMs);
    if (outcome === 'changed' || this.#delayMs === 0) this.#delayMs = fastMs;
    // Errors double the wait, silence stretches it: a stage may be quiet for a minute and then end.
    else this.#delayMs = Math.min(most, this.#delayMs * (outcome === 'failed' ? 2 : 1.25));
    return Math.min(most, Math.max(fastMs, this.#delayMs));
  }

  /** The time until the next request to a server that held the last one back until there was news. */
  nextHeld(): number {
    this.#delayMs = 0;
    return heldGapMs;
  }

  /** The next request counts as the first. */
  reset(): void {
    this.#delayMs = 0;
  }
}

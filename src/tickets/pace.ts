/** How often a server is asked, in ms. */
export interface PaceSettings {
  /** While something changes. */
  readonly fastMs: number;
  /** At most, while something runs but nothing changes, or while the server does not answer. */
  readonly slowMs: number;
}

export const defaultPace: PaceSettings = { fastMs: 2_000, slowMs: 30_000 };

/** What the last look at the server brought. */
export type Look = 'changed' | 'unchanged' | 'failed';

/** The time until the next look: at once fast when something changed, slower and slower while nothing does. */
export class Pace {
  readonly #settings: () => PaceSettings;
  #delayMs = 0;

  constructor(settings: () => PaceSettings) {
    this.#settings = settings;
  }

  next(look: Look): number {
    const { fastMs, slowMs } = this.#settings();
    const most = Math.max(slowMs, fastMs);
    if (look === 'changed' || this.#delayMs === 0) this.#delayMs = fastMs;
    // Errors double the wait, silence stretches it: a stage may be quiet for a minute and then end.
    else this.#delayMs = Math.min(most, this.#delayMs * (look === 'failed' ? 2 : 1.25));
    return Math.min(most, Math.max(fastMs, this.#delayMs));
  }

  /** The next look counts as the first. */
  reset(): void {
    this.#delayMs = 0;
  }
}

import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../uforge/clock.ts';
import { createFirst } from '../../uforge/heldFile.ts';
import { removeOlder } from './removeOlder.ts';

const keptMs = 7 * 24 * 60 * 60 * 1000;

/** What one of all windows is to do: of those that claim the same thing, one gets it. */
export class OnceForAllWindows {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** True for the first who claims this, in whatever window. Forgotten after a week. */
  async claim(what: string): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true });
    await removeOlder(this.#folder, this.#clock.now() - keptMs);
    return createFirst(join(this.#folder, createHash('sha256').update(what).digest('hex')), '');
  }
}

import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../../uforge/clock.ts';

const keptMs = 7 * 24 * 60 * 60 * 1000;

/** Marks in a folder that all windows share: of those that claim the same thing, one gets it. */
export class Marks {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** True for the first who claims this, in whatever window. Forgotten after a week. */
  async claim(what: string): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true });
    await this.#sweep();
    const name = createHash('sha256').update(what).digest('hex');
    try {
      // Fails when the file is there: the file system decides who was first.
      await writeFile(join(this.#folder, name), '', { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (this.#clock.now() - mtimeMs > keptMs) await rm(file, { force: true });
    }
  }
}

import { join } from 'node:path';
import { keptNumbers } from '../cache/keptNumbers.ts';
import { writeWhole } from '../../uforge/writeWhole.ts';

/** How much the newest time counts against those before it. */
const weightOfNewest = 0.5;

/** How long the stages of builds took on this computer, by what they did; ms. Kept in the cache. */
export class Timings {
  readonly #file: string;
  readonly #known: Map<string, number>;
  readonly #measured = new Map<string, number>();

  private constructor(file: string, known: Map<string, number>) {
    this.#file = file;
    this.#known = known;
  }

  /** Whatever is wrong with the file, a build goes on without it. */
  static async read(cacheDir: string): Promise<Timings> {
    const file = join(cacheDir, 'timings.json');
    return new Timings(file, await keptNumbers(file));
  }

  /** What to expect; undefined when nothing of the kind was done yet. */
  of(what: string): number | undefined {
    return this.#known.get(what);
  }

  measured(what: string, ms: number): void {
    this.#measured.set(what, (this.#measured.get(what) ?? 0) + ms);
  }

  /** For the builds to come. Another build may do so at the same time: then one of the two is forgotten. */
  async save(): Promise<void> {
    const times = await keptNumbers(this.#file);
    for (const [what, ms] of this.#measured) {
      const before = times.get(what);
      times.set(what, before === undefined ? ms : before * (1 - weightOfNewest) + ms * weightOfNewest);
    }
    await writeWhole(this.#file, JSON.stringify(Object.fromEntries(times)));
  }
}

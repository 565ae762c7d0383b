import type { BuildObserver, StageReport } from '../model.ts';
import type { Timings } from './timings.ts';

/** The titles of stages in their order: what a person reads, and how long one takes where nobody has measured it (ms). */
export const stages = {
  checkDependencies: { title: 'Checking dependencies', usual: 3000 },
  fetchPackages: { title: 'Fetching packages', usual: 8000 },
  install: { title: 'Installing packages and files', usual: 30_000 },
  createDisk: { title: 'Creating the virtual disk', usual: 3000 },
  convert: { title: 'Converting', usual: 4000 },
  compress: { title: 'Compressing', usual: 2000 },
  store: { title: 'Storing the image', usual: 1500 },
} as const;

export type StageName = keyof typeof stages;

/** The stages a build will go through, each with what it will do there: what its time is remembered by. */
export type Expected = readonly (readonly [StageName, string])[];

/** A title that is over, and how long it took; ms. */
export interface Ended {
  readonly stage: StageName;
  readonly took: number;
}

/** Until it is known what the cache has. */
const everything: Expected = (Object.keys(stages) as StageName[]).map((stage) => [stage, stage]);

/** The last percent is the queue's, which moves the finished file to its place. */
const atTheEnd = 99;

/**
 * Turns the stages' reports into the ticket's progress: each stage has the share of the whole that it took last time.
 * It never goes back and never says the same twice.
 */
export class Progress {
  readonly #observer: BuildObserver;
  readonly #timings: Timings;
  readonly #now: () => number;
  #expected: Expected = everything;
  /** Where the stages of `#expected` begin, as they were decided on in the middle of the build; percent. */
  #from = 0;
  #percentage = 0;
  #last = '';
  #current: { stage: StageName; what: string | undefined; began: number; fraction: number } | undefined;
  /** When the title began that is shown. */
  #titleBegan = 0;

  constructor(observer: BuildObserver, timings: Timings, now: () => number = Date.now) {
    this.#observer = observer;
    this.#timings = timings;
    this.#now = now;
  }

  /** Now it is known what is left to do. What has been reached stays. */
  expect(left: Expected): void {
    this.#expected = left;
    this.#from = this.#percentage;
  }

  /** What a person reads right now. */
  get title(): StageName | undefined {
    return this.#current?.stage;
  }

  /** Begins a stage; where the title is another one, the time the one before it took, in ms. */
  enter(stage: StageName, what?: string): Ended | undefined {
    const ended = this.#end(stage);
    if (this.title !== stage) this.#titleBegan = this.#now();
    this.#current = { stage, what, began: this.#now(), fraction: 0 };
    this.report(stage, {});
    return ended;
  }

  /** The last stage is over. */
  finish(): Ended | undefined {
    return this.#end();
  }

  report(stage: StageName, report: StageReport): void {
    const { title } = stages[stage];
    if (this.#current?.stage === stage && report.fraction !== undefined) {
      const fraction = Math.min(Math.max(report.fraction, 0), 1);
      this.#current.fraction = Math.max(this.#current.fraction, fraction);
    }
    const { done, left } = this.#times(stage);
    const share = done + left > 0 ? done / (done + left) : 1;
    this.#percentage = Math.max(this.#percentage, Math.floor(this.#from + (atTheEnd - this.#from) * share));
    const message = report.activity === undefined ? title : `${title}: ${report.activity}`;
    // Transfers report every chunk; a hundred steps of them are plenty.
    const bytes = Math.floor(((report.bytesLoaded ?? 0) / (report.bytesTotal ?? 1)) * 100);
    const line = `${this.#percentage} ${message} ${bytes}`;
    if (line === this.#last) return;
    this.#last = line;
    this.#observer.progress({
      stage: title,
      message,
      percentage: this.#percentage,
      remainingMs: Math.round(left),
      ...(report.bytesLoaded === undefined ? {} : { bytesLoaded: report.bytesLoaded }),
      ...(report.bytesTotal === undefined ? {} : { bytesTotal: report.bytesTotal }),
    });
  }

  /** Of what is expected: the time of what is done, and of what is left; ms. */
  #times(stage: StageName): { done: number; left: number } {
    const index = this.#indexOf(stage);
    const fraction = this.#current?.stage === stage ? this.#current.fraction : 0;
    let [done, left] = [0, 0];
    for (const [position, each] of this.#expected.entries()) {
      const time = this.#timeOf(each);
      const part = position < index ? 1 : position === index ? fraction : 0;
      done += time * part;
      left += time * (1 - part);
    }
    return { done, left };
  }

  #timeOf([stage, what]: Expected[number]): number {
    const sharing = this.#expected.filter(([title]) => title === stage).length;
    return this.#timings.of(what) ?? stages[stage].usual / sharing;
  }

  /** Where the stage stands in what is expected: by what it does, else by its title. */
  #indexOf(stage: StageName): number {
    const what = this.#current?.what;
    const index = this.#expected.findIndex(([name, each]) => name === stage && each === what);
    return index >= 0 ? index : this.#expected.findIndex(([name]) => name === stage);
  }

  #end(next?: StageName): Ended | undefined {
    const current = this.#current;
    if (current === undefined) return undefined;
    const { stage, began, what = this.#expected[this.#indexOf(stage)]?.[1] ?? stage } = current;
    const now = this.#now();
    this.#timings.measured(what, now - began);
    return stage === next ? undefined : { stage, took: now - this.#titleBegan };
  }
}

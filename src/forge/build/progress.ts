import type { BuildObserver } from './model.ts';

/** The stages in their order: what a person reads, and where each starts in the whole (percent). */
export const stages = {
  checkDependencies: { title: 'Checking dependencies', from: 0, to: 6 },
  fetchPackages: { title: 'Fetching packages', from: 6, to: 20 },
  install: { title: 'Installing packages and files', from: 20, to: 70 },
  createDisk: { title: 'Creating the virtual disk', from: 70, to: 76 },
  convert: { title: 'Converting', from: 76, to: 90 },
  compress: { title: 'Compressing', from: 90, to: 96 },
  store: { title: 'Storing the image', from: 96, to: 99 },
} as const;

export type StageName = keyof typeof stages;

/** What a stage tells while it works. `fraction` is of the stage, 0 to 1; absent = as before. */
export interface StageReport {
  readonly fraction?: number;
  /** What is being done right now, for example "Unpacking nginx". */
  readonly activity?: string;
  readonly bytesLoaded?: number;
  readonly bytesTotal?: number;
}

/** Turns the stages' reports into the ticket's progress, which never goes back and never says the same twice. */
export class Progress {
  readonly #observer: BuildObserver;
  #percentage = 0;
  #last = '';

  constructor(observer: BuildObserver) {
    this.#observer = observer;
  }

  report(stage: StageName, report: StageReport): void {
    const { title, from, to } = stages[stage];
    const fraction = Math.min(Math.max(report.fraction ?? 0, 0), 1);
    this.#percentage = Math.max(this.#percentage, Math.floor(from + (to - from) * fraction));
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
      ...(report.bytesLoaded === undefined ? {} : { bytesLoaded: report.bytesLoaded }),
      ...(report.bytesTotal === undefined ? {} : { bytesTotal: report.bytesTotal }),
    });
  }
}

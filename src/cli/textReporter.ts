import { formatProblem, type Problem } from '../appliance/problem.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Failure } from './failure.ts';
import type { Outcome, Output, Progress, Reporter } from './reporter.ts';

const longestSilenceMs = 30_000;
const barWidth = 24;

/** For people: a bar that moves on a terminal, else a line for every stage and every ten percent. */
export class TextReporter implements Reporter {
  readonly #out: Output;
  readonly #errors: Output;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #barShown = false;
  #last: (Progress & { readonly at: number }) | undefined;

  constructor(out: Output, errors: Output, clock: Clock) {
    this.#out = out;
    this.#errors = errors;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  problem(file: string, problem: Problem): void {
    this.#clearBar();
    this.#errors.write(`${formatProblem(problem, file)}\n`);
  }

  note(message: string): void {
    this.#clearBar();
    this.#out.write(`${message}\n`);
  }

  ticket(uri: string): void {
    this.note(`Ticket ${uri}`);
  }

  progress(progress: Progress): void {
    if (this.#out.isTTY === true) {
      this.#out.write(`\r${bar(progress, this.#clock.now() - this.#startedAt, this.#out.columns)}\x1b[K`);
      this.#barShown = true;
      return;
    }
    const now = this.#clock.now();
    const last = this.#last;
    const isSame =
      last?.stage === progress.stage &&
      Math.floor(last.percentage / 10) === Math.floor(progress.percentage / 10) &&
      now - last.at < longestSilenceMs;
    if (isSame) return;
    this.#last = { ...progress, at: now };
    this.#out.write(`${percent(progress)} ${progress.stage}\n`);
  }

  done({ path }: Outcome): void {
    this.#clearBar();
    this.#out.write(`${path}\n`);
  }

  fail({ message, detail }: Failure): void {
    this.#clearBar();
    const more = detail.trim();
    this.#errors.write(`${message}\n${more === '' ? '' : `\n${more}\n`}`);
  }

  #clearBar(): void {
    if (this.#barShown) this.#out.write('\r\x1b[K');
    this.#barShown = false;
    this.#last = undefined;
  }
}

function bar(progress: Progress, elapsedMs: number, columns: number | undefined): string {
  const filled = Math.round((progress.percentage / 100) * barWidth);
  const line = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${percent(progress)} ${minutes(elapsedMs)} ${progress.stage}`;
  // A line that wraps can't be written over. A terminal that doesn't know its width says 0.
  return line.slice(0, Math.max((columns === undefined || columns === 0 ? 80 : columns) - 1, 10));
}

function percent({ percentage }: Progress): string {
  return `${String(Math.floor(percentage)).padStart(3)} %`;
}

/** `1:05` */
function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

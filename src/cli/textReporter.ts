import { formatProblem, type Problem } from '../appliance/text/problem.ts';
import type { Outcome } from '../machines/index.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Failure } from './failure.ts';
import type { FinishedImage, Output, Progress, Reporter } from './reporter.ts';
import { Terminal } from './terminal.ts';

const longestSilenceMs = 30_000;
const barWidth = 24;
/** Of what a check that has not passed has seen. */
const mostLines = 20;

/** For people: a bar that moves on a terminal, else a line for every stage and every ten percent. */
export class TextReporter implements Reporter {
  readonly #out: Terminal;
  readonly #errors: Terminal;
  readonly #clock: Clock;
  readonly #startedAt: number;
  #last: (Progress & { readonly at: number }) | undefined;

  constructor(out: Output, errors: Output, clock: Clock) {
    this.#out = new Terminal(out);
    this.#errors = new Terminal(errors);
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  problem(file: string, problem: Problem): void {
    this.#clearBar();
    this.#errors.line(formatProblem(problem, file));
  }

  note(message: string): void {
    this.#clearBar();
    this.#out.line(message);
  }

  ticket(uri: string): void {
    this.note(`Ticket ${uri}`);
  }

  progress(progress: Progress): void {
    if (this.#out.canMove) {
      this.#out.bar(bar(progress, this.#clock.now() - this.#startedAt));
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
    this.#out.line(`${percent(progress)} ${progress.stage}`);
  }

  outcome({ index, name, state, said, output, durationMs, console = '' }: Outcome, total: number): void {
    const marks = { passed: '✓', failed: '✗', notRun: '–' };
    const line = `${marks[state]} ${index + 1}/${total} ${name}`;
    if (state === 'passed') {
      this.note(`${line} (${(durationMs / 1000).toFixed(1)} s)`);
      return;
    }
    this.note(`${line}: ${said.toString()}`);
    const seen = output.trim() === '' ? console : output;
    for (const each of seen.trim().split('\n').slice(-mostLines)) this.#out.line(`    ${each}`);
  }

  done({ path }: FinishedImage): void {
    this.#clearBar();
    this.#out.line(path);
  }

  ended(text: string): void {
    this.#clearBar();
    if (text !== '') this.#out.line(text);
  }

  fail({ message, detail }: Failure): void {
    this.#clearBar();
    const more = detail.trim();
    this.#errors.line(`${message}${more === '' ? '' : `\n\n${more}`}`);
  }

  #clearBar(): void {
    this.#out.clearBar();
    this.#last = undefined;
  }
}

function bar(progress: Progress, elapsedMs: number): string {
  const filled = Math.round((progress.percentage / 100) * barWidth);
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${percent(progress)} ${minutes(elapsedMs)} ${progress.stage}`;
}

function percent({ percentage }: Progress): string {
  return `${String(Math.floor(percentage)).padStart(3)} %`;
}

/** `1:05` */
function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

import type { Problem } from '../appliance/text/problem.ts';
import type { Outcome } from '../machines/index.ts';
import type { Failure } from './failure.ts';
import type { FinishedImage, Output, Progress, Reporter } from './reporter.ts';
import { Terminal } from './terminal.ts';

/**
 * For programs: one JSON object a line on standard output, each with its `event`; the last is `done` or
 * `error`.
 */
export class JsonReporter implements Reporter {
  readonly #out: Terminal;
  #last = '';

  constructor(out: Output) {
    this.#out = new Terminal(out);
  }

  problem(file: string, { severity, message, code, range }: Problem): void {
    const { line, character } = range.start;
    this.#tell({ event: 'problem', severity, file, line: line + 1, column: character + 1, message, code });
  }

  note(message: string): void {
    this.#tell({ event: 'note', message });
  }

  ticket(uri: string): void {
    this.#tell({ event: 'ticket', uri });
  }

  progress({ stage, percentage }: Progress): void {
    const line = { event: 'progress', stage, percentage: Math.floor(percentage) };
    const text = JSON.stringify(line);
    if (text !== this.#last) this.#tell(line);
  }

  outcome({ index, name, state, said, output, durationMs, console }: Outcome, total: number): void {
    const message = said.toString();
    this.#tell({ event: 'test', index, total, name, state, message, durationMs, output, console });
  }

  done({ path, bytes, verified }: FinishedImage): void {
    this.#tell({ event: 'done', bytes, verified, path });
  }

  ended(_text: string, facts: object): void {
    this.#tell({ event: 'done', ...facts });
  }

  fail({ message, detail, exitCode }: Failure): void {
    this.#tell({ event: 'error', message, detail, exitCode });
  }

  #tell(value: object): void {
    this.#last = JSON.stringify(value);
    this.#out.line(this.#last);
  }
}

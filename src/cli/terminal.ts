import { visibleLine, visibleText } from '../uforge/visibleText.ts';
import type { Output } from './reporter.ts';

/** Shows what it is given as text, whoever wrote it: the only orders a terminal gets are those of the bar. */
export class Terminal {
  readonly #output: Output;
  #barShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  get canMove(): boolean {
    return this.#output.isTTY === true;
  }

  line(text: string): void {
    this.clearBar();
    this.#output.write(`${visibleText(text)}\n`);
  }

  /** The console of a machine, orders and all: who starts one sees it as at any terminal. */
  console(text: string): void {
    this.#output.write(text);
  }

  /** A line that the next one is written over. */
  bar(text: string): void {
    const { columns } = this.#output;
    // A line that wraps can't be written over. A terminal that doesn't know its width says 0.
    const width = Math.max((columns === undefined || columns === 0 ? 80 : columns) - 1, 10);
    this.#output.write(`\r${visibleLine(text).slice(0, width)}\x1b[K`);
    this.#barShown = true;
  }

  clearBar(): void {
    if (this.#barShown) this.#output.write('\r\x1b[K');
    this.#barShown = false;
  }
}

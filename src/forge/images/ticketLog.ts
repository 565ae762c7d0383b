import { createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { visibleText } from '../../uforge/visibleText.ts';

/**
 * The log of one ticket: what its build printed, a line at a time, while it runs. Programs of somebody else's
 * print here, so no order for the reader's terminal is left in it.
 */
export class TicketLog implements AsyncDisposable {
  readonly #stream: WriteStream;
  #failed = false;

  constructor(file: string) {
    this.#stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
    // A disk too full for the log fails the build by itself, with a better sentence.
    this.#stream.on('error', () => (this.#failed = true));
  }

  line(text: string): void {
    if (!this.#failed) this.#stream.write(`${visibleText(text)}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stream.closed) return;
    const closed = once(this.#stream, 'close').catch(() => undefined);
    this.#stream.end();
    await closed;
  }
}

import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { isRecord } from '../uforge/isRecord.ts';

/** QEMU has gone, or says no: `message` is its own. */
export class QmpError extends Error {
  override readonly name = 'QmpError';
}

interface Asked {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** QEMU's machine protocol over a stream (docs/interop/qmp-spec.rst): questions by number, and events. */
export class Qmp {
  readonly #stream: Duplex;
  readonly #events = new EventEmitter<{ event: [name: string, data: Record<string, unknown>] }>();
  readonly #asked = new Map<number, Asked>();
  #last = 0;
  #over = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
    const lines = createInterface({ input: stream }).on('line', (line) => this.#hear(line));
    const over = (): void => {
      this.#over = true;
      for (const { reject } of this.#asked.values()) reject(new QmpError('QEMU has ended.'));
      this.#asked.clear();
    };
    stream.on('close', over);
    // The same error, told by both.
    stream.on('error', over);
    lines.on('error', over);
  }

  onEvent(listener: (name: string, data: Record<string, unknown>) => void): void {
    this.#events.on('event', listener);
  }

  /** @throws {QmpError} */
  async ask(execute: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    if (this.#over) throw new QmpError('QEMU has ended.');
    const id = ++this.#last;
    return await new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#stream.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
    });
  }

  /** What QEMU's monitor for people says; an empty text where all went well. */
  async monitor(line: string): Promise<string> {
    return String(await this.ask('human-monitor-command', { 'command-line': line }));
  }

  #hear(line: string): void {
    const said: unknown = JSON.parse(line);
    if (!isRecord(said)) return;
    if (typeof said['event'] === 'string') {
      this.#events.emit('event', said['event'], isRecord(said['data']) ? said['data'] : {});
      return;
    }
    const asked = this.#asked.get(Number(said['id']));
    if (asked === undefined) return;
    this.#asked.delete(Number(said['id']));
    if (isRecord(said['error'])) asked.reject(new QmpError(String(said['error']['desc'])));
    else asked.resolve(said['return']);
  }
}

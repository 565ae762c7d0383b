import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { sentence, type Sentence } from '../uforge/language/sentence.ts';
import { MachineError } from './machineError.ts';
import type { MachineConsole, MachineEnd } from './model.ts';

const largestText = 1024 * 1024;

/** What no start recovers from: waiting longer would only cost time. */
const hopeless = new RegExp(
  [
    ...['Kernel panic - not syncing', '\\(initramfs\\) ', 'Entering emergency mode', 'grub rescue>'],
    // UEFI has found nothing to start.
    ...['No bootable option or device was found', 'UEFI Interactive Shell'],
  ].join('|'),
);

/** The console of a machine: what came over a stream, and what is written into it. */
export class StreamConsole implements MachineConsole {
  readonly #stream: Duplex;
  readonly #events = new EventEmitter<{ text: [string]; ended: [] }>().setMaxListeners(0);
  #text = '';
  /** How much of what was said is no longer in the text. */
  #dropped = 0;
  /** Where the last `write` or `restart` was, counted from the first byte. */
  #mark = 0;
  #end: MachineEnd | undefined;
  /** Why nothing will come, from elsewhere. */
  #lost: Sentence | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    stream.setEncoding('utf8').on('data', (text: string) => {
      const whole = this.#text + text;
      this.#text = whole.slice(-largestText);
      this.#dropped += whole.length - this.#text.length;
      this.#events.emit('text', text);
    });
    // The machine's end says what a broken stream means.
    stream.on('error', () => undefined);
  }

  get text(): string {
    return this.#text;
  }

  onText(listener: (text: string) => void): Disposable {
    this.#events.on('text', listener);
    return { [Symbol.dispose]: () => void this.#events.off('text', listener) };
  }

  write(text: string): void {
    this.restart();
    if (this.#stream.writable) this.#stream.write(text);
  }

  /** What was said before is nothing to wait for any more. */
  restart(): void {
    this.#mark = this.#dropped + this.#text.length;
    this.#lost = undefined;
  }

  /** Nothing will come any more, though the machine goes on. */
  giveUp(said: Sentence): void {
    this.#lost ??= said;
    this.#events.emit('ended');
  }

  end(end: MachineEnd): void {
    this.#end = end;
    this.#events.emit('ended');
  }

  async until(pattern: RegExp, limits: { timeoutMs: number; signal?: AbortSignal }): Promise<string> {
    const { timeoutMs, signal } = limits;
    signal?.throwIfAborted();
    const mark = this.#mark;
    const once = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const look = (): void => {
      const text = this.#text.slice(Math.max(0, mark - this.#dropped));
      const found = once.exec(text);
      const lost = hopeless.exec(text);
      if (found !== null) resolve(found[0]);
      else if (lost !== null)
        reject(this.#error('hopeless', sentence`The machine can’t go on: “${lost[0].trim()}”.`));
      else if (this.#lost !== undefined) reject(this.#error('hopeless', this.#lost));
      else if (this.#end !== undefined)
        reject(new MachineError('ended', this.#end.said, this.#end.detail ?? this.lastLines()));
    };
    const timer = setTimeout(
      () =>
        reject(
          this.#error(
            'timeUp',
            sentence`The console has not shown ${String(pattern)} within ${timeoutMs / 1000} s.`,
          ),
        ),
      timeoutMs,
    );
    const aborted = (): void => reject(signal?.reason as Error);
    signal?.addEventListener('abort', aborted);
    this.#events.on('text', look).on('ended', look);
    try {
      look();
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      this.#events.off('text', look).off('ended', look);
    }
  }

  lastLines(): string {
    return this.#text.split(/\r?\n/).slice(-30).join('\n').trim();
  }

  #error(kind: 'hopeless' | 'timeUp', said: Sentence): MachineError {
    return new MachineError(kind, said, this.lastLines());
  }
}

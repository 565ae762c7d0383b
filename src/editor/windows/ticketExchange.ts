import { rmSync, watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../../tickets/state.ts';
import { isTicket, type TicketChange, type TicketId, type TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';

/** Word of a change, as it stands in a window's file. */
interface Word {
  readonly number: number;
  /** ms since 1970. */
  readonly at: number;
  readonly put: readonly Ticket[];
  readonly remove: readonly TicketId[];
}

/** How long a word stays: long enough for a window that is busy. One that opens later reads the saved tickets. */
const keptMs = 30_000;
/** A file of a window that closed without taking it along. */
const leftMs = 24 * 60 * 60 * 1000;
const suffix = '.json';

/**
 * Carries changes of the tickets from this window's store to the stores of the other windows and back: a file per
 * window in a folder all share. So a server is asked by one window, and all of them show what it says.
 */
export class TicketExchange implements Disposable {
  readonly #store: TicketStore;
  readonly #folder: string;
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #note: (error: unknown) => void;
  readonly #subscription: Disposable;
  /** The last word taken from each other window. */
  readonly #heard = new Map<string, number>();
  #words: Word[] = [];
  #number = 0;
  #applying = false;
  #writing = false;
  #dirty = false;
  #watcher: FSWatcher | undefined;
  #disposed = false;

  constructor(
    store: TicketStore,
    folder: string,
    owner: string,
    clock: Clock,
    note: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#folder = folder;
    this.#owner = owner;
    this.#clock = clock;
    this.#note = note;
    this.#subscription = store.onDidChange((change) => this.#tell(change));
  }

  /** Begins to listen. What others said before is in the saved tickets already. Never rejects. */
  async listen(): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await this.#sweep();
      if (this.#disposed) return;
      this.#watcher = watch(this.#folder, { persistent: false }, (_event, name) => {
        if (name?.endsWith(suffix) === true && name !== `${this.#owner}${suffix}`) void this.#hear(name);
      });
      this.#watcher.on('error', this.#note);
      const others = (await readdir(this.#folder)).filter((name) => name.endsWith(suffix));
      await Promise.all(others.map((name) => this.#hear(name)));
    } catch (error) {
      this.#note(error);
    }
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#subscription[Symbol.dispose]();
    this.#watcher?.close();
    rmSync(join(this.#folder, `${this.#owner}${suffix}`), { force: true });
  }

  #tell({ added, changed, removed }: TicketChange): void {
    if (this.#applying) return;
    const now = this.#clock.now();
    const remove = removed.map(({ server, uri }) => ({ server, uri }));
    this.#words = this.#words.filter(({ at }) => now - at < keptMs);
    this.#words.push({ number: ++this.#number, at: now, put: [...added, ...changed], remove });
    this.#dirty = true;
    if (!this.#writing) void this.#write();
  }

  /** One at a time; what comes meanwhile goes into the next. Never rejects. */
  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#dirty && !this.#disposed) {
      this.#dirty = false;
      try {
        const file = join(this.#folder, `${this.#owner}${suffix}`);
        await mkdir(this.#folder, { recursive: true });
        await writeFile(`${file}.new`, JSON.stringify(this.#words), { mode: 0o600 });
        await rename(`${file}.new`, file);
      } catch (error) {
        this.#note(error);
      }
    }
    this.#writing = false;
  }

  /** Never rejects. */
  async #hear(name: string): Promise<void> {
    let words: readonly Word[];
    try {
      words = wordsIn(await readFile(join(this.#folder, name), 'utf8'));
    } catch {
      // Gone again, or another version's.
      return;
    }
    if (this.#disposed) return;
    for (const word of words) {
      if (word.number <= (this.#heard.get(name) ?? 0)) continue;
      this.#heard.set(name, word.number);
      this.#take(word);
    }
  }

  #take({ put, remove }: Word): void {
    this.#applying = true;
    try {
      const news = put.filter(isTicket).filter((ticket) => isNewer(ticket, this.#store.get(ticket)));
      this.#store.apply({ put: news, remove });
    } finally {
      this.#applying = false;
    }
  }

  async #sweep(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      if (this.#clock.now() - mtimeMs > leftMs) await rm(file, { force: true });
    }
  }
}

/** Throws for what is no list of words. */
function wordsIn(text: string): readonly Word[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new TypeError('No words.');
  return value as readonly Word[];
}

/** What this window knows may be newer: its own person may have cancelled meanwhile. */
function isNewer(ticket: Ticket, current: Ticket | undefined): boolean {
  if (current === undefined) return true;
  if (isFinal(current.state) && !isFinal(ticket.state)) return false;
  return isFinal(ticket.state) || ticket.changed >= current.changed;
}

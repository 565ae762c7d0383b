import { rmSync, watch, type FSWatcher } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFinal } from '../../tickets/state.ts';
import type { Tracked, TrackedId } from '../../tickets/tracked.ts';
import type { Change, TrackedStore } from '../../tickets/trackedStore.ts';
import type { Clock } from '../../uforge/clock.ts';
import { removeOlder } from './removeOlder.ts';

/** A change, as it stands in a window's file. */
interface Told<T> {
  readonly number: number;
  /** ms since 1970. */
  readonly at: number;
  readonly put: readonly T[];
  readonly remove: readonly TrackedId[];
}

/** How long a change stays: enough for a busy window. One that opens later reads the saved tickets. */
const keptMs = 30_000;
/** A file of a window that closed without taking it along. */
const leftMs = 24 * 60 * 60 * 1000;
const suffix = '.json';

/**
 * Carries changes of the records of a kind from this window's store to the stores of the other windows and back: a file
 * per window in a folder all share. So a server is asked by one window, and all of them show what it says.
 */
export class TicketExchange<T extends Tracked> implements Disposable {
  readonly #store: TrackedStore<T>;
  readonly #folder: string;
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #note: (error: unknown) => void;
  readonly #subscription: Disposable;
  /** The last change taken from each other window. */
  readonly #heard = new Map<string, number>();
  #changes: Told<T>[] = [];
  #number = 0;
  #applying = false;
  #writing = false;
  #dirty = false;
  #watcher: FSWatcher | undefined;
  #disposed = false;

  constructor(
    store: TrackedStore<T>,
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
      await removeOlder(this.#folder, this.#clock.now() - leftMs);
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

  #tell({ added, changed, removed }: Change<T>): void {
    if (this.#applying) return;
    const now = this.#clock.now();
    const remove = removed.map(({ server, uri }) => ({ server, uri }));
    this.#changes = this.#changes.filter(({ at }) => now - at < keptMs);
    this.#changes.push({ number: ++this.#number, at: now, put: [...added, ...changed], remove });
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
        await writeFile(`${file}.new`, JSON.stringify(this.#changes), { mode: 0o600 });
        await rename(`${file}.new`, file);
      } catch (error) {
        this.#note(error);
      }
    }
    this.#writing = false;
  }

  /** Never rejects. */
  async #hear(name: string): Promise<void> {
    let changes: readonly Told<T>[];
    try {
      changes = changesIn(await readFile(join(this.#folder, name), 'utf8'));
    } catch {
      // Gone again, or another version's.
      return;
    }
    if (this.#disposed) return;
    for (const change of changes) {
      if (change.number <= (this.#heard.get(name) ?? 0)) continue;
      this.#heard.set(name, change.number);
      this.#take(change);
    }
  }

  #take({ put, remove }: Told<T>): void {
    this.#applying = true;
    try {
      const news = put.filter(this.#store.is).filter((record) => isNewer(record, this.#store.get(record)));
      this.#store.apply({ put: news, remove });
    } finally {
      this.#applying = false;
    }
  }
}

/** Throws for what is no list of changes. */
function changesIn<T>(text: string): readonly Told<T>[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new TypeError('No changes.');
  return value as readonly Told<T>[];
}

/** What this window knows may be newer: its own person may have cancelled meanwhile. */
function isNewer(record: Tracked, current: Tracked | undefined): boolean {
  if (current === undefined) return true;
  if (isFinal(current.state) && !isFinal(record.state)) return false;
  return isFinal(record.state) || record.changed >= current.changed;
}

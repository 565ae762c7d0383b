import { isRecord } from '../uforge/isRecord.ts';
import { Emitter, type Event } from './emitter.ts';
import { isFinal, ticketStates } from './state.ts';
import { keyOf, withoutPending, type Tracked, type TrackedId } from './tracked.ts';

/** Where records are kept over a restart. */
export interface Persistence<T> {
  /** What `save` was given last, possibly by an older version of this program; `undefined` at first. */
  load(): unknown;
  save(records: readonly T[]): Promise<void>;
}

export interface Change<T> {
  readonly added: readonly T[];
  readonly changed: readonly T[];
  readonly removed: readonly T[];
}

/** What is learnt at once: records to put into the store, and those to forget. */
export interface Update<T> {
  readonly put: readonly T[];
  readonly remove: readonly TrackedId[];
}

/** All of a kind this user knows of. The one place where they change; whoever shows them listens. */
export class TrackedStore<T extends Tracked> implements Disposable {
  /** Storage may hold anything: what is no such record is left out rather than shown broken. */
  readonly is: (value: unknown) => value is T;
  readonly #persistence: Persistence<T>;
  readonly #onSaveFailed: (error: unknown) => void;
  readonly #records = new Map<string, T>();
  readonly #changed = new Emitter<Change<T>>();
  #dirty = false;
  #saving: Promise<void> | undefined;

  readonly onDidChange: Event<Change<T>> = this.#changed.event;

  /** @param onSaveFailed hears of a save that failed; the records in memory stay */
  constructor(
    is: (value: unknown) => value is T,
    persistence: Persistence<T>,
    onSaveFailed: (error: unknown) => void,
  ) {
    this.is = is;
    this.#persistence = persistence;
    this.#onSaveFailed = onSaveFailed;
    const kept = persistence.load();
    for (const record of Array.isArray(kept) ? kept.filter(is) : [])
      // Whoever waited for an answer has gone with the window.
      this.#records.set(keyOf(record), withoutPending(record));
  }

  /** In the order they came to be known. */
  all(): readonly T[] {
    return [...this.#records.values()];
  }

  /** Those that go on. */
  running(): readonly T[] {
    return this.all().filter(({ state }) => !isFinal(state));
  }

  /** The record as it is now. */
  get(id: TrackedId): T | undefined {
    return this.#records.get(keyOf(id));
  }

  /** The record a key was made of (`keyOf`): a document or a page knows no more of it. */
  ofKey(key: unknown): T | undefined {
    return typeof key === 'string' ? this.#records.get(key) : undefined;
  }

  /** Adds records, or replaces those that are known. Listeners hear once, and only of what is different. */
  put(...records: readonly T[]): void {
    this.apply({ put: records });
  }

  /** Forgets records. */
  remove(...ids: readonly TrackedId[]): void {
    this.apply({ remove: ids });
  }

  /** Both at once, with one event. */
  apply({ put = [], remove = [] }: Partial<Update<T>>): void {
    const added: T[] = [];
    const changed: T[] = [];
    for (const record of put) {
      const known = this.#records.get(keyOf(record));
      if (known !== undefined && isSame(known, record)) continue;
      this.#records.set(keyOf(record), record);
      (known === undefined ? added : changed).push(record);
    }
    const removed = remove.map((id) => this.get(id)).filter((record) => record !== undefined);
    for (const record of removed) this.#records.delete(keyOf(record));
    if (added.length + changed.length + removed.length === 0) return;
    this.#dirty = true;
    this.#saving ??= this.#save();
    this.#changed.fire({ added, changed, removed });
  }

  /** Resolves when everything up to now has been saved. */
  async saved(): Promise<void> {
    await this.#saving;
  }

  [Symbol.dispose](): void {
    this.#changed[Symbol.dispose]();
  }

  /** One save at a time; what changes meanwhile goes into the next. Never rejects. */
  async #save(): Promise<void> {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#persistence.save(this.all());
      } catch (error) {
        this.#onSaveFailed(error);
      }
    }
    this.#saving = undefined;
  }
}

function isSame<T extends Tracked>(a: T, b: T): boolean {
  if (a === b) return true;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof T>;
  return [...names].every((name) => a[name] === b[name]);
}

const texts = ['server', 'uid', 'uri', 'message', 'created', 'changed'] as const;

/** Whether a value has what all records have, and the texts of its kind. */
export function isTracked(value: unknown, more: readonly string[]): value is Record<string, unknown> {
  return (
    isRecord(value) &&
    [...texts, ...more].every((name) => typeof value[name] === 'string') &&
    ticketStates.some((state) => state === value['state']) &&
    typeof value['percentage'] === 'number'
  );
}

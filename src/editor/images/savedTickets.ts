import type * as vscode from 'vscode';
import { keyOf, type Tracked } from '../../tickets/tracked.ts';
import type { Persistence } from '../../tickets/trackedStore.ts';

/**
 * Keeps what is tracked of a kind in VS Code's global state, which is there when the extension wakes up:
 * nothing is read from a disk. All windows share it, so what another window has added in the meantime is kept
 * when this one saves.
 */
export class TicketMemento<T extends Tracked> implements Persistence<T> {
  readonly #state: vscode.Memento;
  readonly #key: string;
  /** Every one this window has ever known: one of them that is missing now has been deleted. */
  readonly #seen = new Set<string>();

  constructor(state: vscode.Memento, key: 'tickets' | 'publications' | 'deployments') {
    this.#state = state;
    this.#key = key;
  }

  load(): unknown {
    const kept = this.#kept();
    for (const record of kept) this.#seen.add(keyOf(record));
    return kept;
  }

  async save(records: readonly T[]): Promise<void> {
    for (const record of records) this.#seen.add(keyOf(record));
    const others = this.#kept().filter((record) => !this.#seen.has(keyOf(record)));
    await this.#state.update(this.#key, [...records, ...others]);
  }

  #kept(): readonly T[] {
    const kept = this.#state.get<unknown>(this.#key);
    // What is no such record the store leaves out; here it only has to be something with a key.
    const entries: readonly unknown[] = Array.isArray(kept) ? kept : [];
    return entries.filter((entry): entry is T => typeof entry === 'object' && entry !== null);
  }
}

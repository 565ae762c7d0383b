import type * as vscode from 'vscode';
import type { TicketPersistence } from '../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../tickets/ticket.ts';

const key = 'tickets';

/**
 * Keeps tickets in VS Code's global state, which is there when the extension wakes up: nothing is read from a
 * disk. All windows share it, so what another window has added in the meantime is kept when this one saves.
 */
export class TicketMemento implements TicketPersistence {
  readonly #state: vscode.Memento;
  /** Every ticket this window has ever known: one of them that is missing now has been deleted. */
  readonly #seen = new Set<string>();

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  load(): unknown {
    const kept = this.#kept();
    for (const ticket of kept) this.#seen.add(ticketKey(ticket));
    return kept;
  }

  async save(tickets: readonly Ticket[]): Promise<void> {
    for (const ticket of tickets) this.#seen.add(ticketKey(ticket));
    const others = this.#kept().filter((ticket) => !this.#seen.has(ticketKey(ticket)));
    await this.#state.update(key, [...tickets, ...others]);
  }

  #kept(): readonly Ticket[] {
    const kept = this.#state.get<unknown>(key);
    // What is no ticket the store leaves out; here it only has to be something with a key.
    const entries: readonly unknown[] = Array.isArray(kept) ? kept : [];
    return entries.filter((entry): entry is Ticket => typeof entry === 'object' && entry !== null);
  }
}

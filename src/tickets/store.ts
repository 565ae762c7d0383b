import { isRecord } from '../uforge/isRecord.ts';
import { Emitter, type Event } from './emitter.ts';
import { isFinal, ticketStates } from './state.ts';
import { ticketKey, withoutPending, type Ticket, type TicketId } from './ticket.ts';

/** Where tickets are kept over a restart. */
export interface TicketPersistence {
  /** What `save` was given last, possibly by an older version of this program; `undefined` at first. */
  load(): unknown;
  save(tickets: readonly Ticket[]): Promise<void>;
}

export interface TicketChange {
  readonly added: readonly Ticket[];
  readonly changed: readonly Ticket[];
  readonly removed: readonly Ticket[];
}

/** What is learnt at once: tickets to put into the store, and those to forget. */
export interface TicketUpdate {
  readonly put: readonly Ticket[];
  readonly remove: readonly TicketId[];
}

/** All tickets this user knows of. The one place where they change; whoever shows them listens. */
export class TicketStore implements Disposable {
  readonly #persistence: TicketPersistence;
  readonly #onSaveFailed: (error: unknown) => void;
  readonly #tickets = new Map<string, Ticket>();
  readonly #changed = new Emitter<TicketChange>();
  #dirty = false;
  #saving: Promise<void> | undefined;

  readonly onDidChange: Event<TicketChange> = this.#changed.event;

  /** @param onSaveFailed hears of a save that failed; the tickets in memory stay */
  constructor(persistence: TicketPersistence, onSaveFailed: (error: unknown) => void) {
    this.#persistence = persistence;
    this.#onSaveFailed = onSaveFailed;
    const kept = persistence.load();
    for (const ticket of Array.isArray(kept) ? kept.filter(isTicket) : [])
      // Whoever waited for an answer has gone with the window.
      this.#tickets.set(ticketKey(ticket), withoutPending(ticket));
  }

  /** In the order they came to be known. */
  all(): readonly Ticket[] {
    return [...this.#tickets.values()];
  }

  /** Those that go on. */
  running(): readonly Ticket[] {
    return this.all().filter(({ state }) => !isFinal(state));
  }

  /** The ticket as it is now. */
  get(id: TicketId): Ticket | undefined {
    return this.#tickets.get(ticketKey(id));
  }

  /** The ticket a key was made of (`ticketKey`): a document or a page knows no more of it. */
  ofKey(key: unknown): Ticket | undefined {
    return typeof key === 'string' ? this.#tickets.get(key) : undefined;
  }

  /** Adds tickets, or replaces those that are known. Listeners hear once, and only of what is different. */
  put(...tickets: readonly Ticket[]): void {
    this.apply({ put: tickets });
  }

  /** Forgets tickets. */
  remove(...ids: readonly TicketId[]): void {
    this.apply({ remove: ids });
  }

  /** Both at once, with one event. */
  apply({ put = [], remove = [] }: Partial<TicketUpdate>): void {
    const added: Ticket[] = [];
    const changed: Ticket[] = [];
    for (const ticket of put) {
      const known = this.#tickets.get(ticketKey(ticket));
      if (known !== undefined && isSame(known, ticket)) continue;
      this.#tickets.set(ticketKey(ticket), ticket);
      (known === undefined ? added : changed).push(ticket);
    }
    const removed = remove.map((id) => this.get(id)).filter((ticket) => ticket !== undefined);
    for (const ticket of removed) this.#tickets.delete(ticketKey(ticket));
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

function isSame(a: Ticket, b: Ticket): boolean {
  if (a === b) return true;
  const names = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Ticket>;
  return [...names].every((name) => a[name] === b[name]);
}

const texts = [
  'server',
  'uid',
  'uri',
  'aid',
  'itid',
  'applianceUri',
  'applianceName',
  'applianceVersion',
  'targetFormat',
  'message',
  'created',
  'changed',
] as const satisfies readonly (keyof Ticket)[];

/** Storage may hold anything: a record that is no ticket is left out rather than shown broken. */
export function isTicket(value: unknown): value is Ticket {
  return (
    isRecord(value) &&
    texts.every((name) => typeof value[name] === 'string') &&
    ticketStates.some((state) => state === value['state']) &&
    typeof value['percentage'] === 'number' &&
    typeof value['downloadable'] === 'boolean' &&
    typeof value['simulated'] === 'boolean'
  );
}

import type { Clock } from '../uforge/clock.ts';
import { UForgeError } from '../uforge/errors.ts';
import { Emitter, type Event } from './emitter.ts';
import { lookAtRunning, type Clients, type LastAnswer } from './look.ts';
import { defaultPace, Pace, type Look, type PaceSettings } from './pace.ts';
import { isFinal } from './state.ts';
import type { TicketStore } from './store.ts';
import type { Ticket } from './ticket.ts';

/** Whether a server that is being watched answers. Fires when that changes, and again with every failed try. */
export interface ServerState {
  readonly server: string;
  readonly online: boolean;
  /**
   * Why it does not answer, and when it is asked again (ms since 1970). Without a time only `wake` does: it
   * refuses our credentials, and asking on would lock the account.
   */
  readonly failure?: { readonly error: unknown; readonly retryAt?: number };
}

export interface PollerOptions {
  readonly store: TicketStore;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Read before every wait, so that a changed setting counts at once. */
  readonly pace?: () => PaceSettings;
}

/**
 * Watches running tickets: all of a server in one conditional request, often while something changes, seldom
 * while nothing does, not at all while nothing runs. It starts with the first running ticket in the store and
 * stops with the last. What it learns goes into the store and nowhere else.
 */
export class TicketPoller implements Disposable {
  readonly #options: PollerOptions;
  readonly #watches = new Map<string, Watch>();
  readonly #states = new Emitter<ServerState>();
  readonly #subscription: Disposable;

  readonly onDidChangeServer: Event<ServerState> = this.#states.event;

  constructor(options: PollerOptions) {
    this.#options = options;
    this.#subscription = options.store.onDidChange(() => this.#follow());
    this.#follow();
  }

  /** Looks at all servers with running tickets now: somebody has come back, or has signed in. */
  wake(): void {
    for (const watch of this.#watches.values()) watch.wake();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
    this.#states[Symbol.dispose]();
  }

  /** A watch for every server with running tickets, and none for the others. */
  #follow(): void {
    const running = new Set(
      this.#options.store
        .all()
        .filter(({ state }) => !isFinal(state))
        .map(({ server }) => server),
    );
    for (const server of running) {
      if (!this.#watches.has(server))
        this.#watches.set(server, new Watch(server, this.#options, this.#states));
      else this.#watches.get(server)?.check();
    }
    for (const [server, watch] of this.#watches) {
      if (running.has(server)) continue;
      this.#watches.delete(server);
      watch[Symbol.dispose]();
      if (!watch.online) this.#states.fire({ server, online: true });
    }
  }
}

/** The watch over one server: one look at a time, then a timer for the next. */
class Watch implements Disposable {
  readonly #server: string;
  readonly #options: PollerOptions;
  readonly #states: Emitter<ServerState>;
  readonly #pace: Pace;
  readonly #stop = new AbortController();
  readonly #last: LastAnswer = {};
  #timer: Disposable | undefined;
  #looking = false;
  #awake = false;
  #watched = '';
  online = true;

  constructor(server: string, options: PollerOptions, states: Emitter<ServerState>) {
    this.#server = server;
    this.#options = options;
    this.#states = states;
    this.#pace = new Pace(options.pace ?? (() => defaultPace));
    this.#schedule(0);
  }

  /** Looks now, or once more when a look is under way: it may have asked before what happened since. */
  wake(): void {
    this.#pace.reset();
    if (this.#looking) this.#awake = true;
    else this.#schedule(0);
  }

  /** Wakes when there are other tickets to watch than before. */
  check(): void {
    const [known, current] = [new Set(this.#watched.split('\n')), this.#tickets()];
    if (!this.#looking && current.some(({ uri }) => !known.has(uri))) this.wake();
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error('The poller has been stopped.'));
    this.#timer?.[Symbol.dispose]();
  }

  #tickets(): readonly Ticket[] {
    const { store } = this.#options;
    return store.all().filter(({ server, state }) => server === this.#server && !isFinal(state));
  }

  #schedule(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#stop.signal.aborted) return;
    this.#timer = this.#options.clock.schedule(delayMs, () => void this.#look());
  }

  /** Never rejects. */
  async #look(): Promise<void> {
    this.#looking = true;
    this.#awake = false;
    let look: Look = 'failed';
    let failure: unknown;
    try {
      look = await this.#ask();
    } catch (error) {
      failure = error;
    }
    this.#looking = false;
    if (this.#stop.signal.aborted) return;
    const refused = failure instanceof UForgeError && failure.kind === 'authentication' && !this.#awake;
    const delayMs = refused ? undefined : this.#delayAfter(look);
    if (delayMs !== undefined) this.#schedule(delayMs);
    this.#tell(failure, look !== 'failed', delayMs);
    // A ticket may have come while the look was under way.
    this.check();
  }

  #delayAfter(look: Look): number {
    return this.#awake ? 0 : this.#pace.next(look);
  }

  async #ask(): Promise<Look> {
    const { store, clients, clock } = this.#options;
    const { signal } = this.#stop;
    const tickets = this.#tickets();
    this.#watched = tickets.map(({ uri }) => uri).join('\n');
    if (tickets.length === 0) return 'unchanged';
    const client = await clients(this.#server, signal);
    signal.throwIfAborted();
    const found = await lookAtRunning(client, tickets, this.#last, () => clock.now(), signal);
    signal.throwIfAborted();
    if (found === undefined) return 'unchanged';
    const changed = found.put.filter((ticket) => isNews(ticket, store.get(ticket)));
    // What was removed or has ended in the meantime, by the person's own hand, must not come back to life.
    store.apply({ put: changed, remove: found.remove });
    return changed.length + found.remove.length > 0 ? 'changed' : 'unchanged';
  }

  #tell(error: unknown, online: boolean, delayMs: number | undefined): void {
    if (online && this.online) return;
    this.online = online;
    const retryAt = delayMs === undefined ? {} : { retryAt: this.#options.clock.now() + delayMs };
    this.#states.fire({ server: this.#server, online, ...(!online && { failure: { error, ...retryAt } }) });
  }
}

function isNews(ticket: Ticket, current: Ticket | undefined): boolean {
  return current !== undefined && current !== ticket && !isFinal(current.state);
}

import type { Clock } from '../uforge/clock.ts';
import { UForgeError } from '../uforge/errors.ts';
import type { Clients } from './clients.ts';
import { Emitter, type Event } from './emitter.ts';
import { fetchRunning, holdSeconds, type LastAnswer } from './fetchRunning.ts';
import { PollInterval, watchedPollSettings, type PollOutcome, type PollSettings } from './pollInterval.ts';
import { aloneLease, followMs, type PollLease } from './pollLease.ts';
import { isFinal } from './state.ts';
import type { Kind } from './kind.ts';
import type { TicketStore } from './store.ts';
import { images } from './fetchTicket.ts';
import type { Ticket } from './ticket.ts';
import type { Tracked } from './tracked.ts';
import type { TrackedStore } from './trackedStore.ts';

/** Whether a watched server answers. Fires when that changes, and again with every failed try. */
export interface ServerState {
  readonly server: string;
  readonly online: boolean;
  /**
   * Why it does not answer, and when it is asked again (ms since 1970). Without a time only `wake` does: it
   * refuses our credentials, and asking on would lock the account.
   */
  readonly failure?: { readonly error: unknown; readonly retryAt?: number };
}

export interface PollerOptions<T extends Tracked> {
  readonly kind: Kind<T>;
  readonly store: TrackedStore<T>;
  readonly clients: Clients;
  readonly clock: Clock;
  /** Read before every wait, so that a changed setting counts at once; often when not said. */
  readonly interval?: () => PollSettings;
  /** Who asks when several windows watch the same server; this one when not said. */
  readonly lease?: PollLease;
}

/**
 * Watches what goes on of one kind: all of a server in one conditional request, which the server may hold until
 * something changes; one that does not is asked often while something changes, less often while nothing does.
 * Nothing is asked while nothing runs. It starts with the first that runs in the store and stops with the
 * last. What it learns goes into the store and nowhere else.
 */
export class Poller<T extends Tracked> implements Disposable {
  readonly #options: Required<PollerOptions<T>>;
  readonly #watches = new Map<string, Watch<T>>();
  readonly #states = new Emitter<ServerState>();
  readonly #subscription: Disposable;
  readonly #released: Disposable;

  readonly onDidChangeServer: Event<ServerState> = this.#states.event;

  constructor(options: PollerOptions<T>) {
    this.#options = { interval: () => watchedPollSettings, lease: aloneLease, ...options };
    this.#subscription = options.store.onDidChange(() => this.#follow());
    this.#released = this.#options.lease.onDidRelease(() => {
      for (const watch of this.#watches.values()) watch.takeOver();
    });
    this.#follow();
  }

  /** Asks all servers where something runs now: somebody has come back, or has signed in. */
  wake(): void {
    for (const watch of this.#watches.values()) watch.wake();
  }

  [Symbol.dispose](): void {
    this.#subscription[Symbol.dispose]();
    this.#released[Symbol.dispose]();
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
    this.#states[Symbol.dispose]();
  }

  /** A watch for every server where something runs, and none for the others. */
  #follow(): void {
    const running = new Set(this.#options.store.running().map(({ server }) => server));
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

/** The poller of images. */
export class TicketPoller extends Poller<Ticket> {
  constructor(options: Omit<PollerOptions<Ticket>, 'kind'> & { readonly store: TicketStore }) {
    super({ ...options, kind: images });
  }
}

/** What a request brought, and whether the server held it until there was something to tell. */
interface Result {
  readonly outcome: PollOutcome | 'followed';
  readonly held: boolean;
}

/** The watch over one server: one request at a time, then a timer for the next. */
class Watch<T extends Tracked> implements Disposable {
  readonly #server: string;
  /** What the windows share out: each kind by itself. */
  readonly #lease: string;
  readonly #options: Required<PollerOptions<T>>;
  readonly #states: Emitter<ServerState>;
  readonly #interval: PollInterval;
  readonly #stop = new AbortController();
  readonly #last: LastAnswer = {};
  #timer: Disposable | undefined;
  #request: AbortController | undefined;
  #awake = false;
  #following = false;
  /** How many requests in a row were answered at once and with nothing new. */
  #inVain = 0;
  #watched: ReadonlySet<string> = new Set();
  online = true;

  constructor(server: string, options: Required<PollerOptions<T>>, states: Emitter<ServerState>) {
    this.#server = server;
    this.#lease = `${options.kind.name} ${server}`;
    this.#options = options;
    this.#states = states;
    this.#interval = new PollInterval(options.interval);
    this.#schedule(0);
  }

  /** Asks now. A request under way is given up: it left before what happened since, and may be held. */
  wake(): void {
    this.#interval.reset();
    if (this.#request === undefined) this.#schedule(0);
    else {
      this.#awake = true;
      this.#request.abort(new Error('There is news.'));
    }
  }

  /** Wakes when there are others to watch than before. */
  check(): void {
    if (this.#running().some(({ uri }) => !this.#watched.has(uri))) this.wake();
  }

  /** The window that asked has gone. */
  takeOver(): void {
    if (this.#following && this.#request === undefined) this.#schedule(0);
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error('The poller has been stopped.'));
    this.#timer?.[Symbol.dispose]();
    this.#options.lease.release(this.#lease);
  }

  #running(): readonly T[] {
    return this.#options.store.running().filter(({ server }) => server === this.#server);
  }

  #schedule(delayMs: number): void {
    this.#timer?.[Symbol.dispose]();
    if (this.#stop.signal.aborted) return;
    this.#timer = this.#options.clock.schedule(delayMs, () => void this.#poll());
  }

  /** Never rejects. */
  async #poll(): Promise<void> {
    const interruption = new AbortController();
    this.#request = interruption;
    this.#awake = false;
    const records = this.#running();
    this.#watched = new Set(records.map(({ uri }) => uri));
    let result: Result = { outcome: 'failed', held: false };
    let failure: unknown;
    try {
      result = await this.#ask(records, AbortSignal.any([this.#stop.signal, interruption.signal]));
    } catch (error) {
      // One that was given up for a newer one has not failed.
      if (interruption.signal.aborted) result = { outcome: 'unchanged', held: false };
      else failure = error;
    }
    this.#request = undefined;
    if (this.#stop.signal.aborted) return;
    this.#following = result.outcome === 'followed';
    const refused = failure instanceof UForgeError && failure.kind === 'authentication' && !this.#awake;
    const delayMs = refused ? undefined : this.#delayAfter(result);
    if (delayMs !== undefined) this.#schedule(delayMs);
    // A request that was given up says nothing about the server.
    if (!interruption.signal.aborted) this.#tell(failure, result.outcome !== 'failed', delayMs);
    // Another may have come while the request was under way.
    this.check();
  }

  #delayAfter({ outcome, held }: Result): number {
    if (this.#awake) return 0;
    if (outcome === 'followed') return followMs;
    return held ? this.#interval.nextHeld() : this.#interval.next(outcome);
  }

  async #ask(records: readonly T[], signal: AbortSignal): Promise<Result> {
    const { kind, store, clients, clock, lease } = this.#options;
    if (records.length === 0) return { outcome: 'unchanged', held: false };
    if (!(await lease.hold(this.#lease))) return { outcome: 'followed', held: false };
    signal.throwIfAborted();
    const client = await clients(this.#server, signal);
    signal.throwIfAborted();
    const asked = clock.now();
    const found = await fetchRunning(kind, client, records, this.#last, () => clock.now(), signal);
    signal.throwIfAborted();
    const changed = (found?.put ?? []).filter((record) => isNews(record, store.get(record)));
    const remove = found?.remove ?? [];
    // What was removed or has ended in the meantime, by the person's own hand, must not come back to life.
    store.apply({ put: changed, remove });
    const outcome = changed.length + remove.length > 0 ? 'changed' : 'unchanged';
    // A server that says it holds requests and yet answers at once with nothing must not be asked without
    // end.
    const inVain = outcome === 'unchanged' && clock.now() - asked < (holdSeconds * 1000) / 2;
    this.#inVain = inVain ? this.#inVain + 1 : 0;
    const held = client.holdsRequests && this.#inVain <= 2;
    return { outcome, held };
  }

  #tell(error: unknown, online: boolean, delayMs: number | undefined): void {
    if (online && this.online) return;
    this.online = online;
    const retryAt = delayMs === undefined ? {} : { retryAt: this.#options.clock.now() + delayMs };
    this.#states.fire({ server: this.#server, online, ...(!online && { failure: { error, ...retryAt } }) });
  }
}

function isNews<T extends Tracked>(record: T, current: T | undefined): boolean {
  return current !== undefined && current !== record && !isFinal(current.state);
}

import * as vscode from 'vscode';
import type { Event } from '../../../tickets/emitter.ts';
import type { ServerState } from '../../../tickets/poller.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { setContext } from '../../contextKeys.ts';
import { ActionableError, type ErrorReporter } from '../../errors.ts';
import type { Health, ServerHealth } from '../../server/health.ts';
import type { ImagesView } from './view.ts';
import { messageOf } from '../../../uforge/messageOf.ts';

export interface OfflineOptions {
  /** What whoever polls finds out. */
  readonly states: readonly Event<ServerState>[];
  readonly health: ServerHealth;
  readonly store: TicketStore;
  readonly view: ImagesView;
  readonly clock: Clock;
  readonly label: (server: string) => string;
  readonly errors: ErrorReporter;
}

/**
 * While a server does not answer, the view says so, since when its rows are old, and when it is asked again.
 * The rows stay as they were last known; Retry is in the view's title.
 */
export class OfflineMessage implements vscode.Disposable {
  readonly #options: OfflineOptions;
  readonly #subscriptions: readonly Disposable[];
  #timer: Disposable | undefined;

  constructor(options: OfflineOptions) {
    const { states, health } = options;
    this.#options = options;
    this.#subscriptions = [
      ...states.map((each) =>
        each(({ server, online, failure }) => {
          if (online) health.answered(server);
          else health.failed(server, failure?.error, failure?.retryAt);
        }),
      ),
      health.onDidChange((server) => this.#follow(server)),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #follow(server: string): void {
    const { health, errors, label } = this.#options;
    const { online, error } = health.get(server) ?? {};
    if (online === false) errors.note(`${label(server)} does not answer`, error);
    setContext('offline', health.offline.length > 0);
    this.#show();
  }

  #show(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const { health, view, clock } = this.#options;
    view.setMessage(health.offline.map(([server, each]) => this.#lineFor(server, each)).join('\n'));
    const counting = health.offline.some(([, { retryAt }]) => retryAt !== undefined);
    if (counting) this.#timer = clock.schedule(1000, () => this.#show());
  }

  #lineFor(server: string, health: Health): string {
    const { error, retryAt } = health;
    // Not signed in, for example: waiting does not help there.
    if (error instanceof ActionableError) return error.message;
    const { clock, label } = this.#options;
    const seen = this.#seen(server, health);
    const asOf = seen === undefined ? '' : vscode.l10n.t(' Images as of {0}.', seen);
    const why = messageOf(error);
    if (retryAt === undefined) return `${vscode.l10n.t('{0} is offline. {1}', label(server), why)}${asOf}`;
    const seconds = Math.max(0, Math.ceil((retryAt - clock.now()) / 1000));
    return `${vscode.l10n.t('{0} is offline, retry in {1} s. {2}', label(server), seconds, why)}${asOf}`;
  }

  /** When its rows were right: its last answer, or in a new window the last change of one of them. */
  #seen(server: string, { seen }: Health): string | undefined {
    const changes = this.#options.store.all().filter((ticket) => ticket.server === server);
    if (changes.length === 0) return undefined;
    const date = seen ?? Math.max(...changes.map(({ changed }) => Date.parse(changed)));
    return new Date(date).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
  }
}

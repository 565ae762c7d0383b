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

/**
 * While a server does not answer, the view says so, since when its rows are old, and when it is asked again.
 * The rows stay as they were last known; Retry is in the view's title.
 */
export class OfflineMessage implements vscode.Disposable {
  readonly #health: ServerHealth;
  readonly #store: TicketStore;
  readonly #view: ImagesView;
  readonly #clock: Clock;
  readonly #label: (server: string) => string;
  readonly #errors: ErrorReporter;
  readonly #subscriptions: readonly Disposable[];
  #timer: Disposable | undefined;

  constructor(
    states: Event<ServerState>,
    health: ServerHealth,
    store: TicketStore,
    view: ImagesView,
    clock: Clock,
    label: (server: string) => string,
    errors: ErrorReporter,
  ) {
    this.#health = health;
    this.#store = store;
    this.#view = view;
    this.#clock = clock;
    this.#label = label;
    this.#errors = errors;
    this.#subscriptions = [
      states(({ server, online, failure }) => {
        if (online) health.answered(server);
        else health.failed(server, failure?.error, failure?.retryAt);
      }),
      health.onDidChange((server) => this.#follow(server)),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #follow(server: string): void {
    const health = this.#health.get(server);
    if (health?.online === false) {
      this.#errors.note(`${this.#label(server)} does not answer`, health.error);
    }
    setContext('offline', this.#health.offline.length > 0);
    this.#show();
  }

  #show(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const { offline } = this.#health;
    this.#view.setMessage(offline.map(([server, health]) => this.#lineFor(server, health)).join('\n'));
    const counting = offline.some(([, { retryAt }]) => retryAt !== undefined);
    if (counting) this.#timer = this.#clock.schedule(1000, () => this.#show());
  }

  #lineFor(server: string, health: Health): string {
    const { error, retryAt } = health;
    // Not signed in, for example: waiting does not help there.
    if (error instanceof ActionableError) return error.message;
    const seen = this.#seen(server, health);
    const asOf = seen === undefined ? '' : vscode.l10n.t(' Images as of {0}.', seen);
    const why = messageOf(error);
    if (retryAt === undefined)
      return `${vscode.l10n.t('{0} is offline. {1}', this.#label(server), why)}${asOf}`;
    const seconds = Math.max(0, Math.ceil((retryAt - this.#clock.now()) / 1000));
    return `${vscode.l10n.t('{0} is offline, retry in {1} s. {2}', this.#label(server), seconds, why)}${asOf}`;
  }

  /** When its rows were right: its last answer, or in a new window the last change of one of them. */
  #seen(server: string, { seen }: Health): string | undefined {
    const changes = this.#store.all().filter((ticket) => ticket.server === server);
    if (changes.length === 0) return undefined;
    const date = seen ?? Math.max(...changes.map(({ changed }) => Date.parse(changed)));
    return new Date(date).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
  }
}

import * as vscode from 'vscode';
import type { Event } from '../../tickets/emitter.ts';
import type { ServerState } from '../../tickets/poller.ts';
import type { Clock } from '../../uforge/clock.ts';
import { ActionableError, sentenceOf, type ErrorReporter } from '../errors.ts';
import type { ImagesView } from './view.ts';

/**
 * While a server that generates images does not answer, the view says so and counts down to the next try. The
 * rows stay as they were last known.
 */
export class OfflineMessage implements vscode.Disposable {
  readonly #view: ImagesView;
  readonly #clock: Clock;
  readonly #label: (server: string) => string;
  readonly #errors: ErrorReporter;
  readonly #offline = new Map<string, NonNullable<ServerState['failure']>>();
  readonly #subscription: Disposable;
  #timer: Disposable | undefined;

  constructor(
    states: Event<ServerState>,
    view: ImagesView,
    clock: Clock,
    label: (server: string) => string,
    errors: ErrorReporter,
  ) {
    this.#view = view;
    this.#clock = clock;
    this.#label = label;
    this.#errors = errors;
    this.#subscription = states((state) => this.#follow(state));
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#timer?.[Symbol.dispose]();
  }

  #follow({ server, online, failure }: ServerState): void {
    if (online || failure === undefined) this.#offline.delete(server);
    else {
      this.#errors.note(`${this.#label(server)} does not answer`, failure.error);
      this.#offline.set(server, failure);
    }
    this.#show();
  }

  #show(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#offline.size === 0) {
      this.#view.setMessage('');
      return;
    }
    const lines = [...this.#offline].map(([server, { error, retryAt }]) => {
      if (retryAt === undefined) return `${this.#label(server)}: ${sentenceOf(error)}`;
      // Not signed in, for example: waiting does not help there.
      if (error instanceof ActionableError) return error.message;
      const seconds = Math.max(0, Math.ceil((retryAt - this.#clock.now()) / 1000));
      return vscode.l10n.t(
        '{0} is offline, retry in {1} s. {2}',
        this.#label(server),
        seconds,
        sentenceOf(error),
      );
    });
    this.#view.setMessage(lines.join('\n'));
    this.#timer = this.#clock.schedule(1000, () => this.#show());
  }
}

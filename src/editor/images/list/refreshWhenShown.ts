import * as vscode from 'vscode';
import type { TicketService } from '../../../tickets/service.ts';
import type { ErrorReporter } from '../../errors.ts';
import type { ServerHealth } from '../../server/health.ts';
import type { Servers } from '../../server/servers.ts';
import type { ImagesView } from './view.ts';

/**
 * Asks the servers what images there are when somebody looks: when the view is opened, and when the window
 * comes back to the front with the view open. Never starts the local forge for it, and says nothing when it
 * fails: the view keeps what was last known.
 */
export class RefreshWhenShown implements vscode.Disposable {
  readonly #service: TicketService;
  readonly #servers: Servers;
  readonly #health: ServerHealth;
  readonly #view: ImagesView;
  readonly #errors: ErrorReporter;
  readonly #subscriptions: vscode.Disposable;
  #refreshing = false;
  #wanted = false;

  constructor(
    service: TicketService,
    servers: Servers,
    health: ServerHealth,
    view: ImagesView,
    errors: ErrorReporter,
  ) {
    this.#service = service;
    this.#servers = servers;
    this.#health = health;
    this.#view = view;
    this.#errors = errors;
    const follow = (): void => void this.#follow();
    this.#subscriptions = vscode.Disposable.from(
      view.onDidChangeVisibility(follow),
      vscode.window.onDidChangeWindowState(follow),
      servers.onDidChange(follow),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Never rejects. What happens while servers are asked leads to one more time. */
  async #follow(): Promise<void> {
    this.#wanted = true;
    if (this.#refreshing) return;
    this.#refreshing = true;
    while (this.#wanted) {
      this.#wanted = false;
      try {
        await this.#refresh();
      } catch (error) {
        this.#errors.note('Refreshing the images', error);
      }
    }
    this.#refreshing = false;
  }

  async #refresh(): Promise<void> {
    if (!this.#view.visible || !vscode.window.state.focused) return;
    await Promise.all(this.#servers.all.map((server) => this.#refreshOne(server)));
  }

  /** Never rejects: a server that does not answer keeps no other from being asked. */
  async #refreshOne(server: string): Promise<void> {
    try {
      if (!(await this.#servers.isReady(server))) return;
      await this.#service.refresh(server);
      this.#health.answered(server);
    } catch (error) {
      this.#health.failed(server, error);
    }
  }
}

import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import type { ErrorReporter } from '../../errors.ts';
import { withViewProgress } from '../../progress.ts';
import type { ServerHealth } from '../../server/health.ts';
import { serverIn, type Servers } from '../../server/servers.ts';
import { imagesViewId, type ImagesView } from './view.ts';

export interface RefreshOptions {
  readonly store: TicketStore;
  /** Of images, and of what has become of them. */
  readonly services: readonly { refresh(server: string): Promise<void> }[];
  readonly servers: Servers;
  readonly health: ServerHealth;
  readonly pollers: readonly { wake(): void }[];
  readonly view: ImagesView;
  readonly errors: ErrorReporter;
}

/**
 * Asks the servers what images there are: when somebody says so, and when somebody looks, that is when the view
 * is opened and when the window comes back to the front with the view open. For a look it never starts the
 * local forge, and says nothing when it fails: the view keeps what was last known.
 */
export class RefreshImages implements vscode.Disposable {
  readonly #options: RefreshOptions;
  readonly #subscriptions: vscode.Disposable;
  #refreshing = false;
  #wanted = false;

  constructor(options: RefreshOptions) {
    this.#options = options;
    const follow = (): void => void this.#follow();
    this.#subscriptions = vscode.Disposable.from(
      options.view.onDidChangeVisibility(follow),
      vscode.window.onDidChangeWindowState(follow),
      options.servers.onDidChange(follow),
    );
  }

  /** Brings the view in line with every server that has images in it, is signed in to, or builds new images. */
  async all(): Promise<void> {
    const { servers, store } = this.#options;
    const ready = await Promise.all(
      servers.all.map(async (server) => ((await servers.isReady(server)) ? [server] : [])),
    );
    const all = new Set([servers.current, ...ready.flat(), ...store.all().map(({ server }) => server)]);
    await withViewProgress(imagesViewId, async () => {
      const results = await Promise.allSettled([...all].map((server) => this.#ask(server)));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason as Error;
    });
  }

  /** Asks servers that did not answer once more, now: the one named, else all. */
  async retry(argument: unknown): Promise<void> {
    const { health, pollers } = this.#options;
    const named = serverIn(argument);
    const servers = named === undefined ? health.offline.map(([server]) => server) : [named];
    for (const poller of pollers) poller.wake();
    await Promise.all(servers.map((server) => this.#refresh(server)));
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  /** Never rejects. What happens while servers are asked leads to one more time. */
  async #follow(): Promise<void> {
    const { servers, view, errors } = this.#options;
    this.#wanted = true;
    if (this.#refreshing) return;
    this.#refreshing = true;
    while (this.#wanted) {
      this.#wanted = false;
      try {
        if (!view.visible || !vscode.window.state.focused) continue;
        await Promise.all(servers.all.map((server) => this.#refresh(server, true)));
      } catch (error) {
        errors.note('Refreshing the images', error);
      }
    }
    this.#refreshing = false;
  }

  /** Never rejects: a server that does not answer keeps no other from being asked. */
  async #refresh(server: string, onlyIfReady = false): Promise<void> {
    const { servers, health } = this.#options;
    try {
      if (onlyIfReady && !(await servers.isReady(server))) return;
      await this.#ask(server);
      health.answered(server);
    } catch (error) {
      health.failed(server, error);
    }
  }

  async #ask(server: string): Promise<void> {
    // Images first: what has become of them is shown under them.
    for (const service of this.#options.services) await service.refresh(server);
  }
}

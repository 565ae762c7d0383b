import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import { setContext } from '../contextKeys.ts';
import type { ErrorReporter } from '../errors.ts';
import type { ImagesView } from '../images/list/view.ts';
import type { Servers } from './servers.ts';

/** The server that builds new images, as it is shown. */
export interface ShownServer {
  readonly label: string;
  /** Why nothing can be built there; empty when it can, or nobody knows yet. */
  readonly trouble: string;
}

export interface ServerInChargeOptions {
  readonly servers: Servers;
  readonly view: Pick<ImagesView, 'onDidChangeVisibility'>;
  readonly errors: ErrorReporter;
  readonly shownBy: readonly ((server: ShownServer) => void)[];
}

/**
 * Keeps views, status bar, menus and welcome texts informed which server builds, and whether somebody is signed in
 * there. The vault is asked when somebody looks at the view, not when the window opens.
 */
export class ServerInCharge implements vscode.Disposable {
  readonly #options: ServerInChargeOptions;
  readonly #subscription: vscode.Disposable;

  constructor(options: ServerInChargeOptions) {
    this.#options = options;
    const { servers, view } = options;
    const update = (): void => void this.#update();
    this.#subscription = vscode.Disposable.from(
      servers.onDidChange(update),
      view.onDidChangeVisibility(update),
    );
    this.#show(() => '');
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** Never rejects. */
  async #update(): Promise<void> {
    const { servers, errors } = this.#options;
    try {
      const server = servers.current;
      const credentials = server === localServer ? undefined : await servers.signedIn(server);
      setContext('signedIn', credentials !== undefined);
      const isOut = server !== localServer && credentials === undefined;
      this.#show((label) => (isOut ? vscode.l10n.t('You are not signed in to {0}.', label) : ''));
    } catch (error) {
      this.#show(() => messageOf(error));
      errors.note('Looking up whether you are signed in', error);
    }
  }

  #show(troubleAt: (label: string) => string): void {
    const { servers, shownBy } = this.#options;
    let shown: ShownServer;
    try {
      const label = servers.label(servers.current);
      shown = { label, trouble: troubleAt(label) };
    } catch (error) {
      shown = { label: vscode.l10n.t('no server'), trouble: messageOf(error) };
    }
    for (const show of shownBy) show(shown);
  }
}

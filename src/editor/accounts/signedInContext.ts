import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { setContext } from '../contextKeys.ts';
import type { ErrorReporter } from '../errors.ts';
import type { ImagesView } from '../images/list/view.ts';
import type { Servers } from '../server/servers.ts';

/**
 * Keeps menus and welcome texts informed whether somebody is signed in to the server in the settings. The
 * vault is asked when somebody looks at the view, not when the window opens.
 */
export class SignedInContext implements vscode.Disposable {
  readonly #servers: Servers;
  readonly #errors: ErrorReporter;
  readonly #subscription: vscode.Disposable;

  constructor(servers: Servers, view: ImagesView, errors: ErrorReporter) {
    this.#servers = servers;
    this.#errors = errors;
    const update = (): void => void this.#update();
    this.#subscription = vscode.Disposable.from(
      servers.onDidChange(update),
      view.onDidChangeVisibility(update),
    );
  }

  /** Never rejects. */
  async #update(): Promise<void> {
    try {
      const server = this.#servers.current;
      const credentials = server === localServer ? undefined : await this.#servers.signedIn(server);
      setContext('signedIn', credentials !== undefined);
    } catch (error) {
      this.#errors.note('Looking up whether you are signed in', error);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

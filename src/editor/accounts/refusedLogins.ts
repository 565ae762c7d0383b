import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { offer, runs } from '../errors.ts';
import { warn } from '../messages.ts';
import type { ServerHealth } from '../server/health.ts';
import { hostOf, type Servers } from '../server/servers.ts';

/**
 * When a server refuses credentials it took before, asks once whether to sign in again: not with every
 * request that fails, and not again until somebody has signed in.
 */
export class RefusedLogins implements vscode.Disposable {
  readonly #ask: (server: string) => void;
  readonly #asked = new Set<string>();
  readonly #subscriptions: vscode.Disposable;

  constructor(health: ServerHealth, servers: Pick<Servers, 'onDidChange'>, ask = askToSignIn) {
    this.#ask = ask;
    const listening = health.onDidChange((server) => {
      const { error } = health.get(server) ?? {};
      if (error instanceof UForgeError && error.kind === 'authentication') this.#refused(server);
    });
    this.#subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => listening[Symbol.dispose]()),
      servers.onDidChange(() => this.#asked.clear()),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #refused(server: string): void {
    if (server === localServer || this.#asked.has(server)) return;
    this.#asked.add(server);
    this.#ask(server);
  }
}

function askToSignIn(server: string): void {
  const message = vscode.l10n.t(
    '{0} takes your login no more. Images stay as they were last seen until you sign in again.',
    hostOf(server),
  );
  void offer(warn, message, [runs(vscode.l10n.t('Sign In'), 'signIn', { server })]);
}

import * as vscode from 'vscode';
import { oneAtATime } from '../oneAtATime.ts';
import type { CredentialStore } from '../server/credentials.ts';
import { hostOf, type Servers } from '../server/servers.ts';
import { readSettings } from '../settings.ts';

/** As in package.json, `contributes.authentication`. */
const accountsId = 'applianceForge';

/**
 * The UForge AppCenters somebody is signed in to, in VS Code's Accounts menu: one session a server. A
 * session's token is no secret: what opens the server stays in the secret storage, and other extensions don't
 * get it.
 */
export class Accounts implements vscode.AuthenticationProvider, vscode.Disposable {
  readonly #credentials: CredentialStore;
  readonly #signIn: (server: string | undefined) => Promise<string | undefined>;
  readonly #changed =
    new vscode.EventEmitter<vscode.AuthenticationProviderAuthenticationSessionsChangeEvent>();
  readonly #subscriptions: vscode.Disposable;
  #known: readonly vscode.AuthenticationSession[] = [];
  readonly #follow = oneAtATime(() => this.#compare());

  readonly onDidChangeSessions = this.#changed.event;

  /** @param signIn asks the person; resolves with the server's URL when it has taken the credentials */
  constructor(
    credentials: CredentialStore,
    servers: Pick<Servers, 'onDidChange'>,
    signIn: (server: string | undefined) => Promise<string | undefined>,
  ) {
    this.#credentials = credentials;
    this.#signIn = signIn;
    this.#subscriptions = vscode.Disposable.from(
      vscode.authentication.registerAuthenticationProvider(accountsId, 'UForge AppCenter', this, {
        supportsMultipleAccounts: true,
      }),
      // Credentials come before the server is in the settings, and may go after it: whichever is last tells.
      servers.onDidChange(() => void this.#follow()),
      this.#changed,
    );
  }

  async getSessions(scopes?: readonly string[]): Promise<vscode.AuthenticationSession[]> {
    const sessions = await this.#read();
    this.#known = sessions;
    const [server] = scopes ?? [];
    return sessions.filter(({ id }) => server === undefined || id === server);
  }

  async createSession(scopes: readonly string[]): Promise<vscode.AuthenticationSession> {
    const server = await this.#signIn(scopes[0]);
    const session = (await this.#read()).find(({ id }) => id === server);
    if (session === undefined) throw new vscode.CancellationError();
    return session;
  }

  async removeSession(sessionId: string): Promise<void> {
    await this.#credentials.delete(sessionId);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #read(): Promise<vscode.AuthenticationSession[]> {
    const servers = readSettings().servers.map(({ url }) => url);
    const found = await Promise.all(
      servers.map(async (url) => ({ url, credentials: await this.#credentials.get(url) })),
    );
    return found.flatMap(({ url, credentials }) => {
      if (credentials === undefined) return [];
      const label = `${credentials.login} (${hostOf(url)})`;
      return [
        { id: url, accessToken: 'kept by Appliance Forge', account: { id: url, label }, scopes: [url] },
      ];
    });
  }

  async #compare(): Promise<void> {
    const before = this.#known;
    const now = await this.#read();
    this.#known = now;
    const among = (list: readonly vscode.AuthenticationSession[], label: string): boolean =>
      list.some(({ account }) => account.label === label);
    const added = now.filter(({ account }) => !among(before, account.label));
    const removed = before.filter(({ account }) => !among(now, account.label));
    if (added.length + removed.length > 0) this.#changed.fire({ added, removed, changed: [] });
  }
}

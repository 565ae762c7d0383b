import * as vscode from 'vscode';
import { localServer } from '../../tickets/clients.ts';
import { basicAuthorizer, uidOfLogin, type Authorizer } from '../../uforge/authorizer.ts';
import type { UForgeClient } from '../../uforge/client/client.ts';
import type { Clock } from '../../uforge/clock.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import type { Transport } from '../../uforge/transport/transport.ts';
import { parseBaseUrl } from '../../uforge/uris.ts';
import { ActionableError, runs, sentenceOf } from '../errors.ts';
import {
  caFilesFor,
  onServerSettingsChanged,
  openSetting,
  readSettings,
  serverSetting,
} from '../settings.ts';
import { authorizerFor, type Credentials, type CredentialStore } from './credentials.ts';
import type { ServerHealth } from './health.ts';
import type { LocalForge } from './localForge.ts';
import { proxySettings } from './proxySettings.ts';
import { openLocalTransport, openTransport, type ServerTrust } from './transport.ts';
import type { RememberedTexts } from '../rememberedTexts.ts';
import { watchedTransport } from './watchedTransport.ts';

/** What a person calls a server: its host, or what is written in the setting when that is no address. */
export function hostOf(server: string): string {
  return URL.canParse(server) ? new URL(server).host : server;
}

/** The server a menu or another command names: `{ server }`, a server's row, or its URL. */
export function serverIn(argument: unknown): string | undefined {
  const server = isRecord(argument) ? argument['server'] : argument;
  return typeof server === 'string' ? server : undefined;
}

/** A way to one server, signed in. */
interface Connection {
  readonly key: string;
  readonly client: UForgeClient;
  readonly transport: Transport;
}

/**
 * The servers tickets live on: the one from the settings for new ones, and for every ticket the one it came
 * from. Connects with the first request, keeps the connection while settings and credentials stay the same.
 */
export class Servers implements vscode.Disposable {
  readonly #forge: LocalForge;
  readonly #credentials: CredentialStore;
  /** PEM of the one certificate a person has trusted, by the server it is of. */
  readonly #trust: RememberedTexts;
  readonly #health: ServerHealth;
  readonly #clock: Clock;
  readonly #connections = new Map<string, Connection>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable;

  /** Fires when another server is in charge, or another person signed in. */
  readonly onDidChange = this.#changed.event;

  constructor(
    forge: LocalForge,
    credentials: CredentialStore,
    trust: RememberedTexts,
    health: ServerHealth,
    clock: Clock,
  ) {
    this.#forge = forge;
    this.#credentials = credentials;
    this.#trust = trust;
    this.#health = health;
    this.#clock = clock;
    const changed = (): void => {
      // What was refused may be let in now, and where nothing answered another address may stand.
      for (const [server] of health.offline) health.forget(server);
      this.#changed.fire();
    };
    this.#subscriptions = vscode.Disposable.from(
      onServerSettingsChanged(changed),
      credentials.onDidChange(changed),
      this.#changed,
    );
  }

  /** The server new images are built on. Throws `ActionableError` when the setting is no address. */
  get current(): string {
    const { serverUrl } = readSettings();
    if (serverUrl === '') return localServer;
    try {
      parseBaseUrl(serverUrl);
    } catch (error) {
      const message = vscode.l10n.t(
        'The setting {0} is no address of a server: {1}',
        'applianceForge.server.url',
        sentenceOf(error),
      );
      throw new ActionableError(message, [openSetting('server.url')]);
    }
    return serverUrl;
  }

  /** Every server: the local forge, and the UForge AppCenters of the settings. */
  get all(): readonly string[] {
    return [localServer, ...readSettings().servers.map(({ url }) => url)];
  }

  /** What a person calls the server. */
  label(server: string): string {
    return server === localServer ? vscode.l10n.t('local forge') : hostOf(server);
  }

  /**
   * A client for the server, signed in. Starts the local forge when that is the one.
   * Throws `ActionableError` with a Sign In button when there are no credentials.
   */
  async client(server: string, signal?: AbortSignal): Promise<UForgeClient> {
    return server === localServer ? this.#localClient(signal) : this.#remoteClient(server);
  }

  /** The credentials for a UForge AppCenter, if there are any for the login in the settings. */
  async signedIn(server: string): Promise<Credentials | undefined> {
    const login = serverSetting(server)?.login ?? '';
    const credentials = await this.#credentials.get(server);
    return login !== '' && login !== credentials?.login ? undefined : credentials;
  }

  /** Who vouches for a UForge AppCenter, besides this computer's authorities. */
  trustIn(server: string): ServerTrust {
    return { caFiles: caFilesFor(server), pinnedPem: this.#trust.get(server) };
  }

  /** Whether it can be asked without waking anything or anybody: signed in to, or a forge that runs. */
  async isReady(server: string): Promise<boolean> {
    const there = server === localServer ? await this.#forge.find() : await this.signedIn(server);
    return there !== undefined;
  }

  dispose(): void {
    this.#subscriptions.dispose();
    for (const connection of this.#connections.values()) close(connection);
    this.#connections.clear();
  }

  async #localClient(signal?: AbortSignal): Promise<UForgeClient> {
    const { url, user, password } = await this.#forge.start(signal);
    const authorizer = basicAuthorizer(user, password);
    return this.#connect(localServer, `${url} ${user} ${password}`, openLocalTransport, {
      url,
      user,
      authorizer,
    });
  }

  async #remoteClient(server: string): Promise<UForgeClient> {
    const trust = this.trustIn(server);
    const credentials = await this.signedIn(server);
    if (credentials === undefined) throw notSignedIn(server);
    const user = uidOfLogin(credentials.login);
    const authorizer = authorizerFor(credentials);
    const open = (): Promise<Transport> => openTransport(new URL(server), trust);
    // Another way to the server, or another person, is another connection; a download from elsewhere goes on.
    const key = JSON.stringify([credentials, trust, proxySettings(new URL(server))]);
    return this.#connect(server, key, open, { url: server, user, authorizer });
  }

  async #connect(
    server: string,
    key: string,
    open: () => Promise<Transport>,
    access: { readonly url: string; readonly user: string; readonly authorizer: Authorizer },
  ): Promise<UForgeClient> {
    const known = this.#connections.get(server);
    if (known?.key === key) return known.client;
    const { createClient } = await import('../../uforge/client/client.ts');
    const transport = watchedTransport(await open(), server, this.#health);
    // While the transport was being opened, somebody else may have connected: one connection is enough.
    const meanwhile = this.#connections.get(server);
    if (meanwhile?.key === key) {
      await transport[Symbol.asyncDispose]();
      return meanwhile.client;
    }
    if (meanwhile !== undefined) close(meanwhile);
    const { url, user, authorizer } = access;
    const client = createClient({
      baseUrl: url,
      uid: user,
      authorizer,
      transport,
      clock: this.#clock,
      language: vscode.env.language,
    });
    this.#connections.set(server, { key, client, transport });
    return client;
  }
}

/** Requests on their way end in an error of their own; nobody is left to tell about a failed goodbye. */
function close(connection: Connection): void {
  connection.transport[Symbol.asyncDispose]().then(undefined, () => undefined);
}

function notSignedIn(server: string): ActionableError {
  const signIn = runs(vscode.l10n.t('Sign In'), 'signIn', { server });
  return new ActionableError(vscode.l10n.t('You are not signed in to {0}.', hostOf(server)), [signIn]);
}

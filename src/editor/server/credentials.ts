import type * as vscode from 'vscode';
import { apiKeyAuthorizer, basicAuthorizer, type Authorizer } from '../../uforge/authorizer.ts';
import { isRecord } from '../../uforge/isRecord.ts';

/** What opens a UForge AppCenter. Kept in VS Code's secret storage and nowhere else. */
export type Credentials =
  | { readonly kind: 'password'; readonly login: string; readonly password: string }
  | {
      readonly kind: 'apiKey';
      readonly login: string;
      readonly publicKey: string;
      readonly secretKey: string;
    };

/** How requests with these credentials are authorised. */
export function authorizerFor(credentials: Credentials): Authorizer {
  return credentials.kind === 'password'
    ? basicAuthorizer(credentials.login, credentials.password)
    : apiKeyAuthorizer(credentials.publicKey, credentials.secretKey);
}

/** The vault: one entry a server, keyed by its base URL. */
export class CredentialStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(serverUrl: string): Promise<Credentials | undefined> {
    const text = await this.#secrets.get(keyFor(serverUrl));
    return text === undefined ? undefined : read(text);
  }

  async set(serverUrl: string, credentials: Credentials): Promise<void> {
    await this.#secrets.store(keyFor(serverUrl), JSON.stringify(credentials));
  }

  async delete(serverUrl: string): Promise<void> {
    await this.#secrets.delete(keyFor(serverUrl));
  }

  /** Signing in or out in another window counts, too. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key.startsWith(prefix)) listener();
    });
  }
}

const prefix = 'credentials:';

function keyFor(serverUrl: string): string {
  return `${prefix}${serverUrl}`;
}

/** An entry another version wrote in a shape we don't know counts as none: the person signs in again. */
function read(text: string): Credentials | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || typeof value['login'] !== 'string') return undefined;
  const { kind, login, password, publicKey, secretKey } = value;
  if (kind === 'password' && typeof password === 'string') return { kind, login, password };
  if (kind === 'apiKey' && typeof publicKey === 'string' && typeof secretKey === 'string') {
    return { kind, login, publicKey, secretKey };
  }
  return undefined;
}

import type * as vscode from 'vscode';

const key = 'certificates';

/** The certificates a person has trusted, one a server: public data, so VS Code's global state holds them. */
export class CertificateTrust {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** PEM of the one certificate this server is known by; nothing when authorities vouch for it. */
  get(serverUrl: string): string | undefined {
    return this.#all()[serverUrl];
  }

  async set(serverUrl: string, pem: string | undefined): Promise<void> {
    const { [serverUrl]: known, ...others } = this.#all();
    if (known === pem) return;
    await this.#state.update(key, pem === undefined ? others : { ...others, [serverUrl]: pem });
  }

  #all(): Readonly<Record<string, string>> {
    return this.#state.get<Record<string, string>>(key, {});
  }
}

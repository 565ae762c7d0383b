import type * as vscode from 'vscode';

const key = 'applianceOfDefinition';

/** Which appliance a person picked for a definition that names none. */
export class PickedAppliances {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** Its URI. */
  of(server: string, definition: vscode.Uri): string | undefined {
    return this.#state.get<Readonly<Record<string, string>>>(key, {})[nameOf(server, definition)];
  }

  async remember(server: string, definition: vscode.Uri, uri: string | undefined): Promise<void> {
    const picked = this.#state.get<Readonly<Record<string, unknown>>>(key, {});
    // A value that is undefined is not kept.
    await this.#state.update(key, { ...picked, [nameOf(server, definition)]: uri });
  }
}

function nameOf(server: string, definition: vscode.Uri): string {
  return `${server} ${definition.toString()}`;
}

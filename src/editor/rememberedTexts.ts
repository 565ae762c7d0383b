import type * as vscode from 'vscode';

/** Texts by their names, in VS Code's state: a file, so no secrets. */
export class RememberedTexts {
  readonly #state: vscode.Memento;
  readonly #key: string;

  constructor(state: vscode.Memento, key: string) {
    this.#state = state;
    this.#key = key;
  }

  get(name: string): string | undefined {
    return this.#all()[name];
  }

  async set(name: string, text: string | undefined): Promise<void> {
    const { [name]: known, ...others } = this.#all();
    if (known === text) return;
    await this.#state.update(this.#key, text === undefined ? others : { ...others, [name]: text });
  }

  #all(): Readonly<Record<string, string>> {
    return this.#state.get<Record<string, string>>(this.#key, {});
  }
}

import type * as vscode from 'vscode';
import type { PushKey, PushMemory, PushedArchive } from '../../appliance/push.ts';

const pickedKey = 'applianceOfDefinition';
const pushedKey = 'pushedTemplates';

/** What is remembered of appliances: which one a person picked for a file, and what was pushed last. */
export class ApplianceMemory implements PushMemory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** URI of the appliance somebody picked for a definition that names none. */
  pickedFor(server: string, definition: vscode.Uri): string | undefined {
    return this.#state.get<Readonly<Record<string, string>>>(pickedKey, {})[
      `${server} ${definition.toString()}`
    ];
  }

  async remember(server: string, definition: vscode.Uri, applianceUri: string | undefined): Promise<void> {
    await this.#put(pickedKey, `${server} ${definition.toString()}`, applianceUri);
  }

  get(key: PushKey): Promise<PushedArchive | undefined> {
    const pushed = this.#state.get<Readonly<Record<string, PushedArchive>>>(pushedKey, {});
    return Promise.resolve(pushed[nameOf(key)]);
  }

  async set(key: PushKey, pushed: PushedArchive): Promise<void> {
    await this.#put(pushedKey, nameOf(key), pushed);
  }

  async #put(table: string, name: string, value: unknown): Promise<void> {
    const entries = new Map(Object.entries(this.#state.get<Readonly<Record<string, unknown>>>(table, {})));
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
    await this.#state.update(table, Object.fromEntries(entries));
  }
}

function nameOf({ server, name, version }: PushKey): string {
  return JSON.stringify([server, name, version]);
}

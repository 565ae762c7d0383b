import type * as vscode from 'vscode';
import type { PushKey, PushMemory, PushedArchive } from '../../appliance/push.ts';

const pickedKey = 'applianceOfDefinition';
const pushedKey = 'pushedTemplates';

/** What is remembered of appliances: which one a person picked for a file, and what was pushed last. */
export class ApplianceMemory implements PushMemory {
  readonly #state: vscode.Memento;
  /** The last push of each appliance that has begun. */
  readonly #pushes = new Map<string, Promise<unknown>>();

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

  /**
   * Does what asks for an appliance's entry and then writes it, after whatever was begun before for the same one: of
   * two requests sent at the same moment the second finds what the first has pushed.
   */
  async inTurn<T>(key: PushKey, push: () => Promise<T>): Promise<T> {
    const name = nameOf(key);
    const before = this.#pushes.get(name) ?? Promise.resolve();
    const turn = before.then(push, push);
    this.#pushes.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.#pushes.get(name) === turn) this.#pushes.delete(name);
    }
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

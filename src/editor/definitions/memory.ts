import type * as vscode from 'vscode';
import type { PushKey, PushMemory, PushedArchive } from '../../appliance/archive/push.ts';
import { nameOf, type PushMemoryFile } from '../../generate/pushMemory.ts';

const pickedKey = 'applianceOfDefinition';

/**
 * What is remembered of appliances: which one a person picked for a file, and what was pushed last. The latter is in a
 * file, where other windows, agents and browsers of the same computer find it, too.
 */
export class ApplianceMemory implements PushMemory {
  readonly #state: vscode.Memento;
  readonly #pushed: PushMemoryFile;
  /** The last push of each appliance that has begun. */
  readonly #pushes = new Map<string, Promise<unknown>>();

  constructor(state: vscode.Memento, pushed: PushMemoryFile) {
    this.#state = state;
    this.#pushed = pushed;
  }

  /** URI of the appliance somebody picked for a definition that names none. */
  pickedFor(server: string, definition: vscode.Uri): string | undefined {
    return this.#state.get<Readonly<Record<string, string>>>(pickedKey, {})[
      `${server} ${definition.toString()}`
    ];
  }

  async remember(server: string, definition: vscode.Uri, applianceUri: string | undefined): Promise<void> {
    const picked = this.#state.get<Readonly<Record<string, unknown>>>(pickedKey, {});
    const name = `${server} ${definition.toString()}`;
    // A value that is undefined is not kept.
    await this.#state.update(pickedKey, { ...picked, [name]: applianceUri });
  }

  get(key: PushKey): Promise<PushedArchive | undefined> {
    return this.#pushed.get(key);
  }

  set(key: PushKey, pushed: PushedArchive): Promise<void> {
    return this.#pushed.set(key, pushed);
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
}

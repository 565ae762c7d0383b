import type * as vscode from 'vscode';
import type { Machine } from '../../machines/index.ts';
import type { CommandHandler } from '../commandRegistry.ts';
import { machineCommandNames, type MachineCommandName } from '../commandIds.ts';
import type { MachineCommands, MachineCommandsContext } from './machineCommands.ts';

/**
 * The commands about machines. What is behind them (view, status bar, QEMU) is loaded when the first of them
 * is called: a window that starts no machine pays nothing for it.
 */
export class MachinesOnDemand implements vscode.Disposable {
  readonly #context: MachineCommandsContext;
  #loaded: Promise<MachineCommands> | undefined;

  constructor(context: MachineCommandsContext) {
    this.#context = context;
  }

  get commands(): Readonly<Record<MachineCommandName, CommandHandler>> {
    const handlers = machineCommandNames.map((name): [MachineCommandName, CommandHandler] => [
      name,
      async (...args) => (await this.#load())[name](...args),
    ]);
    return Object.fromEntries(handlers) as Record<MachineCommandName, CommandHandler>;
  }

  /** Shows a machine that something else has started; it ends with the window all the same. */
  async adopt(machine: Machine): Promise<void> {
    (await this.#load()).adopt(machine);
  }

  dispose(): void {
    void this.#loaded?.then((loaded) => loaded.dispose());
  }

  #load(): Promise<MachineCommands> {
    this.#loaded ??= import('./machineCommands.ts').then(({ machineCommands }) =>
      machineCommands(this.#context),
    );
    return this.#loaded;
  }
}

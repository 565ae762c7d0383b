import * as vscode from 'vscode';
import { commandId, type CommandName } from './commandIds.ts';
import type { ErrorReporter } from './errors.ts';

/** What a command does. A menu hands over a file's address or a node of the tree, if anything. */
export type CommandHandler = (...args: unknown[]) => unknown;

/**
 * The only place that registers commands. Every command fails the same way: the error is logged and shown,
 * never thrown at VS Code, so that no command ends in a sentence nobody can act on.
 */
export class CommandRegistry implements vscode.Disposable {
  readonly #errors: ErrorReporter;
  readonly #registrations: vscode.Disposable[] = [];

  constructor(errors: ErrorReporter) {
    this.#errors = errors;
  }

  register(handlers: Readonly<Record<CommandName, CommandHandler>>): void {
    for (const [name, handler] of Object.entries(handlers) as [CommandName, CommandHandler][]) {
      this.#registrations.push(
        vscode.commands.registerCommand(commandId(name), async (...args: unknown[]) => {
          try {
            return await handler(...args);
          } catch (error) {
            this.#errors.show(error);
            return undefined;
          }
        }),
      );
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#registrations).dispose();
  }
}

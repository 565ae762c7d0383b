import * as vscode from 'vscode';
import { SaidError } from '../uforge/language/saidError.ts';
import { UForgeError } from '../uforge/errors.ts';
import { visibleText } from '../uforge/visibleText.ts';
import { commandId, type CommandName } from './commandIds.ts';
import { displayLanguage } from './displayLanguage.ts';
import { showError, warn } from './messages.ts';
import { messageOf } from '../uforge/messageOf.ts';

/** A button under a message, and what it does. */
export interface Action {
  readonly title: string;
  run(): unknown;
}

/** A button that runs a command of the extension. */
export function runs(title: string, name: CommandName, ...args: readonly unknown[]): Action {
  return { title, run: () => vscode.commands.executeCommand(commandId(name), ...args) };
}

/** An error whose message is a sentence for a person and which knows the buttons that help. */
export class ActionableError extends Error {
  override readonly name = 'ActionableError';
  readonly actions: readonly Action[];

  /** @param options a `cause` whose detail is worth a look: it is logged, and a button leads there */
  constructor(message: string, actions: readonly Action[] = [], options?: ErrorOptions) {
    super(message, options);
    this.actions = actions;
  }
}

/** Nothing has failed, it can't be done as things stand: shown as a warning. */
export class Refusal extends ActionableError {}

/** True for what a cancelled operation rejects with: nothing to tell the person who cancelled it. */
export function isAbort(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}

/** The sentence in the language VS Code speaks, where we have it in that. */
async function shownSentence(error: unknown): Promise<string> {
  return error instanceof SaidError ? error.said.in(await displayLanguage()) : messageOf(error);
}

/** Shows errors and writes what is behind them to the output channel. Never rejects, so `void` is safe. */
export class ErrorReporter {
  readonly #log: vscode.LogOutputChannel;

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Writes an error nobody asked about to the output channel, and shows nothing. */
  note(context: string, error: unknown): void {
    if (isAbort(error)) return;
    this.#log.warn(visibleText(`${context}: ${messageOf(error)}${detailOf(error)}`));
  }

  /** Tells the person; returns at once, a message box that nobody answers holds nothing up. */
  show(error: unknown): void {
    if (isAbort(error)) return;
    this.#log.error(visibleText(`${messageOf(error)}${detailOf(error)}`));
    const actions = actionsFor(error, this.#log);
    const show = error instanceof Refusal ? warn : showError;
    void shownSentence(error).then((text) => offer(show, text, actions));
  }
}

/** Shows a message with a button for each action, and runs the one whose button is pressed. */
export async function offer(
  show: typeof showError,
  message: string,
  actions: readonly Action[],
): Promise<void> {
  const pressed = await show(message, ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === pressed)?.run();
}

function actionsFor(error: unknown, log: vscode.LogOutputChannel): readonly Action[] {
  const details = { title: vscode.l10n.t('Show Details'), run: () => log.show() };
  if (error instanceof ActionableError) {
    return error.cause === undefined ? error.actions : [...error.actions, details];
  }
  if (error instanceof UForgeError && error.kind === 'authentication') {
    return [runs(vscode.l10n.t('Sign In'), 'signIn'), details];
  }
  return [details];
}

/**
 * What is behind the sentence: a server's raw answer (secrets are redacted where the error is made), the last
 * words of a forge that does not start, or where our own code failed.
 */
function detailOf(error: unknown): string {
  if (error instanceof ActionableError) return detailOf(error.cause);
  if (!(error instanceof Error)) return '';
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : (error.stack ?? '');
  return detail === '' ? '' : `\n${detail}`;
}

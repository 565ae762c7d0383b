import * as vscode from 'vscode';
import { SaidError } from '../uforge/language/saidError.ts';
import { UForgeError } from '../uforge/errors.ts';
import { visibleText } from '../uforge/visibleText.ts';
import { displayLanguage } from './displayLanguage.ts';
import { commandId } from './commandIds.ts';
import { showError, warn } from './messages.ts';

/** A button under a message, and what it does. */
export interface Action {
  readonly title: string;
  run(): unknown;
}

/** An error whose message is a sentence for a person and which knows the buttons that help. */
export class ActionableError extends Error {
  readonly actions: readonly Action[];
  readonly severity: 'error' | 'warning';

  /** @param options a `cause` whose detail is worth a look: it is logged, and a button leads there */
  constructor(
    message: string,
    actions: readonly Action[] = [],
    severity: 'error' | 'warning' = 'error',
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ActionableError';
    this.actions = actions;
    this.severity = severity;
  }
}

/** True for what a cancelled operation rejects with: nothing to tell the person who cancelled it. */
export function isAbort(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}

/** The sentence for a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The sentence in the language VS Code speaks, where we have it in that. */
async function shownSentence(error: unknown): Promise<string> {
  return error instanceof SaidError ? error.said.in(await displayLanguage()) : sentenceOf(error);
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
    this.#log.warn(visibleText(`${context}: ${sentenceOf(error)}${detailOf(error)}`));
  }

  /** Tells the person; returns at once, a message box that nobody answers holds nothing up. */
  show(error: unknown): void {
    if (isAbort(error)) return;
    this.#log.error(visibleText(`${sentenceOf(error)}${detailOf(error)}`));
    const actions = actionsFor(error, this.#log);
    const warning = error instanceof ActionableError && error.severity === 'warning';
    const show = warning ? warn : showError;
    void shownSentence(error).then((text) =>
      offer(show(text, ...actions.map(({ title }) => title)), actions),
    );
  }
}

/** Runs the action whose button was pressed. */
export async function offer(answer: Thenable<string | undefined>, actions: readonly Action[]): Promise<void> {
  const title = await answer;
  await actions.find((action) => action.title === title)?.run();
}

function actionsFor(error: unknown, log: vscode.LogOutputChannel): readonly Action[] {
  const details = { title: vscode.l10n.t('Show Details'), run: () => log.show() };
  if (error instanceof ActionableError) {
    return error.cause === undefined ? error.actions : [...error.actions, details];
  }
  if (error instanceof UForgeError && error.kind === 'authentication') {
    const signIn = {
      title: vscode.l10n.t('Sign In'),
      run: () => vscode.commands.executeCommand(commandId('signIn')),
    };
    return [signIn, details];
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

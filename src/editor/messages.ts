import * as vscode from 'vscode';
import { labelText, messageText } from './foreignText.ts';

// The only place that shows messages: whatever is said here is said as text (eslint.config.js).

/** Resolves with the button that was pressed. A message nobody answers stays. */
export function inform(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInformationMessage(messageText(message), ...buttons);
}

export function warn(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showWarningMessage(messageText(message), ...buttons);
}

export function showError(message: string, ...buttons: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showErrorMessage(messageText(message), ...buttons);
}

/** A question in the middle of the window. Nothing when the person leaves it. */
export function askModal(
  question: string,
  detail: string,
  ...buttons: readonly string[]
): Thenable<string | undefined> {
  const options = { modal: true, detail: messageText(detail) };
  return vscode.window.showWarningMessage(messageText(question), options, ...buttons);
}

/** The same with one button: whether it was pressed. */
export async function confirmed(question: string, detail: string, button: string): Promise<boolean> {
  return (await askModal(question, detail, button)) === button;
}

/** A word in the status bar that goes by itself. */
export function hint(text: string): void {
  vscode.window.setStatusBarMessage(labelText(text), 3000);
}

import * as vscode from 'vscode';
import { labelText, messageText } from './foreignText.ts';

// The only place that opens lists and inputs (eslint.config.js): VS Code makes icons and links of what stands
// in them.

/** Rows whose words are shown as text; what else they carry stays. */
export function shownItems<T extends vscode.QuickPickItem>(items: readonly T[]): readonly T[] {
  return items.map((item) => ({
    ...item,
    label: labelText(item.label),
    ...(item.description !== undefined && { description: labelText(item.description) }),
    ...(item.detail !== undefined && { detail: labelText(item.detail) }),
  }));
}

export interface PickTexts {
  readonly title: string;
  readonly placeHolder?: string;
  readonly ignoreFocusOut?: boolean;
}

/** Resolves with the row the person picks. Labels are made safe to show: let a row carry its value. */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
  texts: PickTexts,
): Promise<T | undefined> {
  return vscode.window.showQuickPick(shown(items), optionsOf(texts));
}

export async function pickMany<T extends vscode.QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
  texts: PickTexts,
): Promise<readonly T[] | undefined> {
  return vscode.window.showQuickPick(shown(items), { ...optionsOf(texts), canPickMany: true });
}

async function shown<T extends vscode.QuickPickItem>(
  items: readonly T[] | Promise<readonly T[]>,
): Promise<readonly T[]> {
  return shownItems(await items);
}

function optionsOf({ title, placeHolder, ...others }: PickTexts): vscode.QuickPickOptions {
  return {
    ...others,
    title: messageText(title),
    ...(placeHolder !== undefined && { placeHolder: messageText(placeHolder) }),
    matchOnDescription: true,
  };
}

/** A list to fill and to listen to. Its rows go through `shownItems`. */
export function openPick<T extends vscode.QuickPickItem>(): vscode.QuickPick<T> {
  return vscode.window.createQuickPick<T>();
}

/** An input to listen to. What it says is wrong goes through `messageText`. */
export function openInput(): vscode.InputBox {
  return vscode.window.createInputBox();
}

export interface InputQuestion {
  readonly title: string;
  readonly prompt: string;
  readonly value?: string;
  readonly placeHolder?: string;
  readonly password?: boolean;
  readonly ignoreFocusOut?: boolean;
  /** What is wrong with a value; as a warning it may be taken all the same. */
  readonly wrong: (value: string) => string | Warning | undefined;
}

export interface Warning {
  readonly warning: string;
}

export async function askInput({
  title,
  prompt,
  wrong,
  ...others
}: InputQuestion): Promise<string | undefined> {
  return vscode.window.showInputBox({
    ...others,
    title: messageText(title),
    prompt: messageText(prompt),
    validateInput: (value) => {
      const message = wrong(value);
      if (message === undefined || typeof message === 'string') return message && messageText(message);
      const severity = vscode.InputBoxValidationSeverity.Warning;
      return { message: messageText(message.warning), severity };
    },
  });
}

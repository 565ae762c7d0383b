import * as vscode from 'vscode';
import { formViewType } from './requestFormEditor.ts';

/** Shows a request as a form in the place of its text. */
export async function openForm(argument: unknown): Promise<void> {
  const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined) await reopen(uri, formViewType);
}

/** Shows the text of a form in its place. */
export async function openText(argument: unknown): Promise<void> {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const active = input instanceof vscode.TabInputCustom ? input.uri : undefined;
  const uri = argument instanceof vscode.Uri ? argument : active;
  if (uri !== undefined) await reopen(uri, 'default');
}

/** As VS Code's “Reopen Editor With…”: the old tab goes. Both show one document, so nothing is lost. */
async function reopen(uri: vscode.Uri, viewType: string): Promise<void> {
  const { activeTabGroup } = vscode.window.tabGroups;
  const before = activeTabGroup.activeTab;
  await vscode.commands.executeCommand('vscode.openWith', uri, viewType);
  const shown = before?.input;
  const isSame =
    (shown instanceof vscode.TabInputText || shown instanceof vscode.TabInputCustom) &&
    shown.uri.toString() === uri.toString();
  if (before !== undefined && isSame && !before.isActive) await vscode.window.tabGroups.close(before);
}

import * as vscode from 'vscode';

/** Opens the first steps. */
export async function openWalkthrough(): Promise<void> {
  const id = 'appliance-forge.appliance-forge#start';
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', id);
}

import * as vscode from 'vscode';
import { Refusal } from '../errors.ts';

/** Throws, with a sentence that says why, in Restricted Mode. */
export function assertTrusted(why = whyNotGenerated()): void {
  if (vscode.workspace.isTrusted) return;
  const manage = {
    title: vscode.l10n.t('Manage Workspace Trust'),
    run: () => vscode.commands.executeCommand('workbench.trust.manage'),
  };
  throw new Refusal(why, [manage]);
}

function whyNotGenerated(): string {
  return vscode.l10n.t(
    'Images can only be generated in a workspace you trust: a definition decides what is installed and run in an image.',
  );
}

export function whyNotStarted(): string {
  return vscode.l10n.t('Files are only started as machines in a workspace you trust.');
}

/** Throws, with a sentence that says why, for a file that is not on a disk: packing reads what it names. */
export function assertOnDisk(definition: vscode.Uri): void {
  if (definition.scheme === 'file') return;
  const message = vscode.l10n.t(
    '{0} is not on a disk ({1}). Images can only be generated from files on a disk: open a folder that is.',
    definition.path,
    definition.scheme,
  );
  throw new Refusal(message);
}

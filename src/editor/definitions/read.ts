import { dirname, sep } from 'node:path';
import * as vscode from 'vscode';
import { maxDefinitionBytes, readDefinition } from '../../appliance/find/readRegularFile.ts';
import { hasErrors, type Problem } from '../../appliance/text/problem.ts';
import { ActionableError, Refusal } from '../errors.ts';

/**
 * A definition's document. Looks before it opens: VS Code would wait for a pipe's other end for ever, and
 * reads a device as long as it goes on.
 */
export async function openDefinition(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const name = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === name);
  if (open !== undefined) return open;
  const { type, size } = await vscode.workspace.fs.stat(uri);
  if ((type & vscode.FileType.File) === 0) {
    throw new Refusal(vscode.l10n.t('{0} is no file: folders, pipes and devices are not read.', nameOf(uri)));
  }
  if (size > maxDefinitionBytes) {
    const megabytes = maxDefinitionBytes / 1024 ** 2;
    throw new Refusal(vscode.l10n.t('{0} is larger than {1} MB, so it is not read.', nameOf(uri), megabytes));
  }
  return vscode.workspace.openTextDocument(uri);
}

/** Whether there is a file or a folder. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** A definition as it is on the disk; what is not saved yet is saved first. */
export async function openSaved(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const document = await openDefinition(uri);
  if (document.isDirty && !(await document.save())) {
    throw new ActionableError(
      vscode.l10n.t('{0} has changes that could not be saved, so nothing was sent.', nameOf(uri)),
    );
  }
  return document;
}

/** Saves what is changed and not saved in a folder: a template is packed with the files it names. */
export async function saveBelow(folder: string): Promise<void> {
  const inside = `${folder}${sep}`;
  for (const document of vscode.workspace.textDocuments) {
    if (document.isDirty && document.uri.scheme === 'file' && document.uri.fsPath.startsWith(inside)) {
      await openSaved(document.uri);
    }
  }
}

/** The text of a file on the disk as the person sees it: what is not saved yet counts. */
export async function readShown(path: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'file' && uri.fsPath === path);
  return open?.getText() ?? readDefinition(path);
}

/** The last folder a template is looked for in: the workspace folder, else the definition's own. */
export function templateLimit(path: string): string {
  return vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri.fsPath ?? dirname(path);
}

/** Throws when problems forbid sending; the error says where the first is and leads to all of them. */
export function assertSendable(uri: vscode.Uri, problems: readonly Problem[]): void {
  if (!hasErrors(problems)) return;
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const { line, character } = first.range.start;
  const more =
    errors.length === 1
      ? ''
      : errors.length === 2
        ? ` ${vscode.l10n.t('1 more error is in the file.')}`
        : ` ${vscode.l10n.t('{0} more errors are in the file.', errors.length - 1)}`;
  const message = vscode.l10n.t('{0}, line {1}: {2} Nothing was sent.', nameOf(uri), line + 1, first.message);
  const show = async (): Promise<void> => {
    const place = new vscode.Position(line, character);
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(place, place) });
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  };
  throw new ActionableError(`${message}${more}`, [{ title: vscode.l10n.t('Show Problems'), run: show }]);
}

/** The file's path as the person sees it in the explorer. */
export function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

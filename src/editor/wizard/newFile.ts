import * as vscode from 'vscode';
import { definitionKindByExtension, type DefinitionKind } from '../../appliance/find/definitions.ts';
import { isThere } from '../definitions/read.ts';
import { ActionableError } from '../errors.ts';
import { askText, kept, type Step } from './steps.ts';

/** Where a new file goes: nowhere yet when no folder is open, then it is a document that is not saved. */
export interface NewFile {
  /** Path below the folder. */
  path: string;
  readonly folder: vscode.Uri | undefined;
}

/** The folder a menu was opened on, else that of the active editor, else the workspace's. */
export async function folderFor(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) {
    const { type } = await vscode.workspace.fs.stat(argument);
    return type === vscode.FileType.Directory ? argument : vscode.Uri.joinPath(argument, '..');
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const inside = active && vscode.workspace.getWorkspaceFolder(active);
  if (active !== undefined && inside !== undefined) return vscode.Uri.joinPath(active, '..');
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** Asks for the file's name, with a free one to start with. */
export function fileStep(kind: DefinitionKind, file: NewFile, suggestion: string): Step {
  const { folder } = file;
  return async (place) => {
    if (folder === undefined) return 'skipped';
    const answer = await askText(place, {
      prompt: vscode.l10n.t('File to write, below {0}', vscode.workspace.asRelativePath(folder)),
      value: file.path === '' ? await freePath(folder, suggestion) : file.path,
      wrong: async (path) => {
        if (path === '' || path.split(/[\\/]/).includes('..')) return vscode.l10n.t('Give the file a name.');
        if (definitionKindByExtension(path) !== kind) {
          return kind === 'template'
            ? vscode.l10n.t('A template ends in .yml or .yaml.')
            : vscode.l10n.t('A request ends in .xml.');
        }
        if (kind === 'template' && path.endsWith('.json'))
          return vscode.l10n.t('A template ends in .yml or .yaml.');
        return (await isThere(vscode.Uri.joinPath(folder, path)))
          ? vscode.l10n.t('There is a file of that name already.')
          : undefined;
      },
    });
    return kept(answer, (path) => (file.path = path));
  };
}

/** Writes the file, or makes an unsaved document of it, and shows it. */
export async function create(file: NewFile, text: string, language: string): Promise<vscode.Uri> {
  const { folder, path } = file;
  if (folder === undefined) {
    const document = await vscode.workspace.openTextDocument({ content: text, language });
    await vscode.window.showTextDocument(document);
    return document.uri;
  }
  const uri = vscode.Uri.joinPath(folder, path);
  const edit = new vscode.WorkspaceEdit();
  // Not over a file that has come meanwhile; and undo takes the file away again.
  edit.createFile(uri, { contents: Buffer.from(text), overwrite: false, ignoreIfExists: false });
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new ActionableError(vscode.l10n.t('{0} could not be written.', path));
  }
  await vscode.window.showTextDocument(uri);
  return uri;
}

/** The name itself, else in a folder of its own that is not there yet. */
async function freePath(folder: vscode.Uri, name: string): Promise<string> {
  if (!(await isThere(vscode.Uri.joinPath(folder, name)))) return name;
  const dot = name.lastIndexOf('.');
  for (let number = 2; ; number++) {
    const path = `${name.slice(0, dot)}-${number}${name.slice(dot)}`;
    if (!(await isThere(vscode.Uri.joinPath(folder, path)))) return path;
  }
}

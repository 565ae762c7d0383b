import * as vscode from 'vscode';
import { isRecord } from '../../uforge/isRecord.ts';
import { isThere } from '../definitions/read.ts';
import { pickOne } from '../inputs.ts';
import { confirmed } from '../messages.ts';
import { withProgress } from '../progress.ts';

const samples = ['minimal', 'nginx'] as const;
type Sample = (typeof samples)[number];

/** What a caller may hand over; everything missing is asked for. */
export interface CopySampleArguments {
  readonly sample: Sample;
  /** The folder the sample's own folder goes into. */
  readonly folder: vscode.Uri;
  /** Files that are there already are replaced unasked. */
  readonly overwrite?: boolean;
}

/**
 * Copies one of the sample appliances into a folder and opens its request. Resolves with the folder it is in,
 * or with nothing when the person changed their mind.
 */
export async function copySample(
  argument: unknown,
  extension: vscode.ExtensionContext,
): Promise<vscode.Uri | undefined> {
  const given = isArguments(argument) ? argument : undefined;
  const sample = given?.sample ?? (await pickSample());
  if (sample === undefined) return undefined;
  const parent = given?.folder ?? (await pickFolder(argument));
  if (parent === undefined) return undefined;
  const source = vscode.Uri.joinPath(extension.extensionUri, 'examples', sample);
  const target = vscode.Uri.joinPath(parent, sample);
  const there = await alreadyThere(source, target);
  if (there.length > 0 && given?.overwrite !== true && !(await mayOverwrite(target, there))) return undefined;
  const title = vscode.l10n.t('Copying the sample {0}', sample);
  const outcome = await withProgress(title, () => copyFiles(source, target));
  if (outcome.kind === 'cancelled') return undefined;
  await vscode.window.showTextDocument(vscode.Uri.joinPath(target, 'representation.xml'));
  return target;
}

function isArguments(argument: unknown): argument is CopySampleArguments {
  if (!isRecord(argument)) return false;
  const { sample, folder } = argument;
  return samples.some((each) => each === sample) && folder instanceof vscode.Uri;
}

async function pickSample(): Promise<Sample | undefined> {
  const descriptions: Readonly<Record<Sample, string>> = {
    minimal: vscode.l10n.t('the smallest Debian there can be, as QCOW2'),
    nginx: vscode.l10n.t('a web server with a first-boot script, for VirtualBox'),
  };
  const picks = samples.map((sample) => ({ label: sample, sample, description: descriptions[sample] }));
  const pick = await pickOne(picks, {
    title: vscode.l10n.t('Copy Sample Appliance'),
    placeHolder: vscode.l10n.t('Sample to copy'),
  });
  return pick?.sample;
}

/** The folder of the explorer's menu, else one of the workspace, else any. */
async function pickFolder(argument: unknown): Promise<vscode.Uri | undefined> {
  if (argument instanceof vscode.Uri) return argument;
  const [folder, ...others] = vscode.workspace.workspaceFolders ?? [];
  if (folder !== undefined && others.length === 0) return folder.uri;
  if (folder !== undefined) return (await vscode.window.showWorkspaceFolderPick())?.uri;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: vscode.l10n.t('Folder to copy the sample into'),
    })) ?? [];
  return chosen;
}

/** Paths of the sample's files that the target has, relative to it. */
async function alreadyThere(source: vscode.Uri, target: vscode.Uri): Promise<readonly string[]> {
  const there: string[] = [];
  for (const path of await filesBelow(source)) {
    if (await isThere(vscode.Uri.joinPath(target, path))) there.push(path);
  }
  return there;
}

function mayOverwrite(target: vscode.Uri, paths: readonly string[]): Promise<boolean> {
  return confirmed(
    vscode.l10n.t('Overwrite what is in {0}?', vscode.workspace.asRelativePath(target)),
    vscode.l10n.t('These files are replaced: {0}.', paths.join(', ')),
    vscode.l10n.t('Overwrite'),
  );
}

async function copyFiles(source: vscode.Uri, target: vscode.Uri): Promise<void> {
  for (const path of await filesBelow(source)) {
    const [from, to] = [vscode.Uri.joinPath(source, path), vscode.Uri.joinPath(target, path)];
    await vscode.workspace.fs.copy(from, to, { overwrite: true });
  }
}

async function filesBelow(folder: vscode.Uri, prefix = ''): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [name, type] of await vscode.workspace.fs.readDirectory(folder)) {
    const path = `${prefix}${name}`;
    if (type !== vscode.FileType.Directory) paths.push(path);
    else paths.push(...(await filesBelow(vscode.Uri.joinPath(folder, name), `${path}/`)));
  }
  return paths;
}

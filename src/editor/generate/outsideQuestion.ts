import { stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { OutsideSource } from '../../appliance/archive/outsideSources.ts';
import { confirmed } from '../messages.ts';

const mostListed = 20;

/**
 * Asks whether files outside the template's folder may go to the server: for this push only, and no unless
 * somebody says yes.
 */
export async function mayPackOutside(outside: readonly OutsideSource[], server: string): Promise<boolean> {
  const question = vscode.l10n.t('The template names files outside its folder. Send them to {0}?', server);
  const agreed = await confirmed(question, await listOf(outside), vscode.l10n.t('Pack These Files'));
  // A no is no failure: it ends the command as Cancel does.
  if (!agreed) throw new vscode.CancellationError();
  return true;
}

/** Where they lead to, each once, a line each; folders first, for they are the most. */
async function listOf(outside: readonly OutsideSource[]): Promise<string> {
  const paths = [...new Set(outside.map(({ path }) => path))];
  const areFolders = await Promise.all(paths.map(isFolder));
  const named = (isOne: boolean): string[] => paths.filter((_, at) => areFolders[at] === isOne).map(oneLine);
  const folders = named(true).map((path) => vscode.l10n.t('everything in the folder {0}', path));
  const lines = [...folders, ...named(false)];
  const more = lines.length - mostListed;
  const rest = more > 0 ? [vscode.l10n.t('and {0} more', more)] : [];
  return [...lines.slice(0, mostListed), ...rest].join('\n');
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** A name can't make a line of its own, or be written backwards. */
function oneLine(path: string): string {
  return path.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '�');
}

import { join, parse } from 'node:path';
import * as vscode from 'vscode';
import { offer } from '../errors.ts';
import { fileActions } from '../images/downloadImage.ts';
import { inform } from '../messages.ts';
import { withProgress } from '../progress.ts';
import type { WindowMachine } from './machines.ts';

/** Writes the machine's disk, with what has changed on it, into a new image. Resolves with its path. */
export async function keepChanges(
  { machine, title }: WindowMachine,
  file?: unknown,
): Promise<string | undefined> {
  const chosen =
    file instanceof vscode.Uri
      ? file
      : await vscode.window.showSaveDialog({
          title: vscode.l10n.t('Keep Changes as Image'),
          defaultUri: vscode.Uri.file(changedName(machine.image.path)),
          saveLabel: vscode.l10n.t('Keep'),
        });
  if (chosen === undefined) return undefined;
  const path = chosen.fsPath;
  const outcome = await withProgress(vscode.l10n.t('Keeping the changes in {0}', title), (report, signal) =>
    machine.saveAs(path, {
      signal,
      progress: (percent) => report({ message: `${Math.round(percent)} %`, fraction: percent / 100 }),
    }),
  );
  if (outcome.kind === 'cancelled') return undefined;
  void offer(inform, vscode.l10n.t('{0} is an image of its own now: {1}', title, path), fileActions(path));
  return path;
}

/** Beside the image. What an archive holds is a disk of its own kind: VMDK in an OVA, raw in a cloud's tar.gz. */
function changedName(path: string): string {
  const { dir, name, ext } = parse(
    path.replace(/(?<=\.(?:raw|vhdx?))\.gz$/i, '').replace(/\.tar\.gz$/i, '.tgz'),
  );
  const inArchive: Readonly<Record<string, string>> = {
    ...{ '.ova': '.vmdk', '.box': '.vmdk', '.tar': '.qcow2', '.tgz': '.raw' },
  };
  return join(dir, `${name}-changed${inArchive[ext.toLowerCase()] ?? ext}`);
}

import * as vscode from 'vscode';
import { openInput, pickOne } from '../../inputs.ts';
import type { Arrangement } from './arrangement.ts';
import type { Grouping } from './nodes.ts';

/** Asks what the images stand under; a caller may say. */
export async function groupImages(argument: unknown, arrangement: Arrangement): Promise<void> {
  const items: (vscode.QuickPickItem & { readonly grouping: Grouping })[] = [
    { grouping: 'appliance', label: vscode.l10n.t('Appliance'), iconPath: new vscode.ThemeIcon('package') },
    { grouping: 'server', label: vscode.l10n.t('Server'), iconPath: new vscode.ThemeIcon('server') },
    { grouping: 'state', label: vscode.l10n.t('State'), iconPath: new vscode.ThemeIcon('pass') },
  ];
  const said = items.find(({ grouping }) => grouping === argument);
  const picked =
    said ??
    (await pickOne(
      items.map((item) => ({
        ...item,
        ...(item.grouping === arrangement.grouping && { description: vscode.l10n.t('now') }),
      })),
      { title: vscode.l10n.t('Group Images By') },
    ));
  if (picked !== undefined) await arrangement.groupBy(picked.grouping);
}

/** Filters the images while the words are typed. Enter keeps them; Escape brings back what was shown before. */
export async function filterImages(argument: unknown, arrangement: Arrangement): Promise<void> {
  if (typeof argument === 'string') {
    arrangement.filter = argument;
    return;
  }
  let kept = arrangement.filter;
  const input = openInput();
  input.title = vscode.l10n.t('Filter Images');
  input.placeholder = vscode.l10n.t('Words of the appliance, target format, state, server or message');
  input.value = kept;
  try {
    await new Promise<void>((resolve) => {
      input.onDidChangeValue((value) => (arrangement.filter = value));
      input.onDidAccept(() => {
        kept = input.value;
        input.hide();
      });
      input.onDidHide(() => {
        arrangement.filter = kept;
        resolve();
      });
      input.show();
    });
  } finally {
    input.dispose();
  }
}

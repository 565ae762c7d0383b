import * as vscode from 'vscode';
import { commandId } from '../commandIds.ts';
import { labelText } from '../foreignText.ts';
import type { ShownServer } from './serverInCharge.ts';

/** Says at all times which server builds new images; another one is a click away. */
export class ServerStatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;

  constructor() {
    // To the right of the images that are being generated.
    this.#item = vscode.window.createStatusBarItem(
      'applianceForge.server',
      vscode.StatusBarAlignment.Left,
      49,
    );
    this.#item.name = vscode.l10n.t('Appliance Forge: Server');
    this.#item.command = commandId('selectServer');
    this.#item.show();
  }

  showServer({ label, trouble }: ShownServer): void {
    this.#item.text = `$(${trouble === '' ? 'server' : 'warning'}) ${labelText(label)}`;
    this.#item.tooltip =
      trouble === '' ? vscode.l10n.t('New images are built on {0}. Click to change.', label) : trouble;
    this.#item.accessibilityInformation = {
      label: trouble === '' ? vscode.l10n.t('New images are built on {0}', label) : trouble,
      role: 'button',
    };
  }

  dispose(): void {
    this.#item.dispose();
  }
}

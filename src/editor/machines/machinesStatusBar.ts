import * as vscode from 'vscode';
import { commandId } from '../commandIds.ts';
import type { Machines } from './machines.ts';

/** Only there while machines run: how many. */
export class MachinesStatusBar implements vscode.Disposable {
  readonly #machines: Machines;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;

  constructor(machines: Machines) {
    this.#machines = machines;
    this.#item = vscode.window.createStatusBarItem(
      'applianceForge.machines',
      vscode.StatusBarAlignment.Left,
      49, // behind the images
    );
    this.#item.name = vscode.l10n.t('Appliance Forge: Machines');
    this.#item.command = commandId('showMachines');
    this.#subscription = machines.onDidChange(() => this.#update());
    this.#update();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#item.dispose();
  }

  #update(): void {
    const count = this.#machines.all.length;
    if (count === 0) {
      this.#item.hide();
      return;
    }
    const machines = count === 1 ? vscode.l10n.t('1 machine') : vscode.l10n.t('{0} machines', count);
    this.#item.text = `$(vm-running) ${machines}`;
    this.#item.tooltip = vscode.l10n.t('Running: {0}. They end with this window. Click to show.', machines);
    const label = vscode.l10n.t('{0} running', machines);
    this.#item.accessibilityInformation = { label, role: 'button' };
    this.#item.show();
  }
}

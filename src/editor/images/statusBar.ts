import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { summarize } from '../../tickets/summary.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { commandId } from '../commandIds.ts';

/** Only there while an image is being generated: how many, how far the slowest is, in which stage. */
export class ImagesStatusBar implements vscode.Disposable {
  readonly #store: TicketStore;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: Disposable;

  constructor(store: TicketStore) {
    this.#store = store;
    this.#item = vscode.window.createStatusBarItem(
      'applianceForge.images',
      vscode.StatusBarAlignment.Left,
      50,
    );
    this.#item.name = vscode.l10n.t('Appliance Forge: Images');
    this.#item.command = commandId('showImages');
    this.#update();
    this.#subscription = store.onDidChange(() => this.#update());
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#item.dispose();
  }

  #update(): void {
    const { count, percentage, stage: said } = summarize(this.#store.all());
    const stage = visibleLine(said);
    if (count === 0) {
      this.#item.hide();
      return;
    }
    const images = count === 1 ? vscode.l10n.t('1 image') : vscode.l10n.t('{0} images', count);
    this.#item.text = `$(sync~spin) ${images} ${percentage} %`;
    this.#item.tooltip = vscode.l10n.t('Generating {0}. Slowest: {1}. Click to show.', images, stage);
    this.#item.accessibilityInformation = {
      label: vscode.l10n.t('Generating {0}, slowest at {1} percent: {2}', images, percentage, stage),
      role: 'button',
    };
    this.#item.show();
  }
}

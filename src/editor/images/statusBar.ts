import * as vscode from 'vscode';
import type { PublicationStore } from '../../tickets/publication.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { summarize, type Summary } from '../../tickets/summary.ts';
import { visibleLine } from '../../uforge/visibleText.ts';
import { commandId } from '../commandIds.ts';

/** Only there while something goes on: how many images and publications, how far the slowest, in which stage. */
export class ImagesStatusBar implements vscode.Disposable {
  readonly #store: TicketStore;
  readonly #publications: PublicationStore;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: readonly Disposable[];

  constructor(store: TicketStore, publications: PublicationStore) {
    this.#store = store;
    this.#publications = publications;
    this.#item = vscode.window.createStatusBarItem(
      'applianceForge.images',
      vscode.StatusBarAlignment.Left,
      50,
    );
    this.#item.name = vscode.l10n.t('Appliance Forge: Images');
    this.#item.command = commandId('showImages');
    this.#update();
    this.#subscriptions = [store, publications].map((each) => each.onDidChange(() => this.#update()));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#item.dispose();
  }

  #update(): void {
    const parts = [
      ...generating(summarize(this.#store.all())),
      ...publishing(summarize(this.#publications.all())),
    ];
    if (parts.length === 0) {
      this.#item.hide();
      return;
    }
    this.#item.text = parts.map(({ text }) => text).join(' ');
    this.#item.tooltip = [...parts.map(({ tooltip }) => tooltip), vscode.l10n.t('Click to show.')].join(' ');
    this.#item.accessibilityInformation = {
      label: parts.map(({ label }) => label).join('; '),
      role: 'button',
    };
    this.#item.show();
  }
}

interface Part {
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
}

function generating({ count, percentage, stage }: Summary): readonly Part[] {
  if (count === 0) return [];
  const images = count === 1 ? vscode.l10n.t('1 image') : vscode.l10n.t('{0} images', count);
  const said = visibleLine(stage);
  return [
    {
      text: `$(sync~spin) ${images} ${percentage} %`,
      tooltip: vscode.l10n.t('Generating {0}. Slowest: {1}.', images, said),
      label: vscode.l10n.t('Generating {0}, slowest at {1} percent: {2}', images, percentage, said),
    },
  ];
}

function publishing({ count, percentage, stage }: Summary): readonly Part[] {
  if (count === 0) return [];
  const images = count === 1 ? vscode.l10n.t('1 publication') : vscode.l10n.t('{0} publications', count);
  const said = visibleLine(stage);
  return [
    {
      text: `$(cloud-upload) ${images} ${percentage} %`,
      tooltip: vscode.l10n.t('{0} going on. Slowest: {1}.', images, said),
      label: vscode.l10n.t('{0} going on, slowest at {1} percent: {2}', images, percentage, said),
    },
  ];
}

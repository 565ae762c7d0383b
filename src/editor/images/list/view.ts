import * as vscode from 'vscode';
import type { PublicationStore } from '../../../tickets/publication.ts';
import type { TicketStore } from '../../../tickets/store.ts';
import type { Ticket } from '../../../tickets/ticket.ts';
import { visibleLine, visibleText } from '../../../uforge/visibleText.ts';
import type { ShownServer } from '../../server/serverInCharge.ts';
import { ticketIn } from '../pickTicket.ts';
import type { Arrangement } from './arrangement.ts';
import type { ImageNode } from './nodes.ts';
import type { ImagesTree } from './tree.ts';

export const imagesViewId = 'applianceForge.images';

/** The Images view around the tree: badge with the number running, message when a server does not answer. */
export class ImagesView implements vscode.Disposable {
  readonly #tree: ImagesTree;
  readonly #view: vscode.TreeView<ImageNode>;
  readonly #store: TicketStore;
  readonly #publications: PublicationStore;
  readonly #subscriptions: readonly Disposable[];
  readonly #arranged: vscode.Disposable;
  readonly #arrangement: Arrangement;
  #server: ShownServer = { label: '', trouble: '' };
  #message = '';

  constructor(
    tree: ImagesTree,
    store: TicketStore,
    publications: PublicationStore,
    arrangement: Arrangement,
    drag: vscode.TreeDragAndDropController<ImageNode>,
  ) {
    this.#tree = tree;
    this.#store = store;
    this.#publications = publications;
    this.#view = vscode.window.createTreeView(imagesViewId, {
      treeDataProvider: tree,
      showCollapseAll: true,
      canSelectMany: true,
      dragAndDropController: drag,
    });
    this.#arrangement = arrangement;
    this.#arranged = arrangement.onDidChange(() => this.#describe());
    this.#updateBadge();
    this.#subscriptions = [store, publications].map((each) => each.onDidChange(() => this.#updateBadge()));
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  get onDidChangeVisibility(): vscode.Event<vscode.TreeViewVisibilityChangeEvent> {
    return this.#view.onDidChangeVisibility;
  }

  /**
   * The rows a keyboard shortcut means, as a menu hands them over: the one with the focus, and with it all
   * that are selected if it is one of them. VS Code tells extensions the selection only, which stays behind
   * when the arrow keys move the focus; so the focus is found out by what changes when its row is selected or
   * not.
   */
  async rowsOfShortcut(): Promise<readonly [row: ImageNode | undefined, selection: readonly ImageNode[]]> {
    const selection = this.#view.selection;
    await vscode.commands.executeCommand('list.toggleSelection');
    const toggled = this.#view.selection;
    await vscode.commands.executeCommand('list.toggleSelection');
    const added = toggled.find((row) => !selection.includes(row));
    if (added !== undefined) return [added, [added]];
    return [selection.find((row) => !toggled.includes(row)), selection];
  }

  /** A line above the tree, empty for none; the tree itself stays as it was. */
  setMessage(message: string): void {
    this.#message = message;
    this.#describe();
  }

  /** Which server builds stands beside the title; what keeps it from that, above the tree. */
  showServer(server: ShownServer): void {
    this.#server = server;
    this.#describe();
  }

  /** Opens the view; called from a notification, at the row of its ticket. */
  async show(argument: unknown): Promise<void> {
    await vscode.commands.executeCommand(`${imagesViewId}.focus`);
    const named = ticketIn(argument);
    const ticket = named && this.#store.get(named);
    const node = ticket === undefined ? named && this.#tree.rowOf(named) : this.#tree.nodeOf(ticket);
    if (node !== undefined) await this.#view.reveal(node, { select: true, focus: false });
  }

  /** Opens the view at a ticket's row, without taking the keyboard away from the editor. */
  async reveal(ticket: Ticket): Promise<void> {
    const node = this.#tree.nodeOf(ticket);
    if (node !== undefined) await this.#view.reveal(node, { select: true, focus: false });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#arranged.dispose();
    this.#view.dispose();
  }

  #describe(): void {
    const { filter } = this.#arrangement;
    const { label, trouble } = this.#server;
    const filtered = filter === '' ? [] : [vscode.l10n.t('filter: {0}', filter)];
    this.#view.description = [...filtered, visibleLine(label)].join(' · ');
    // Whoever has asked the server may have been told the same.
    const lines = new Set([...(trouble === '' ? [] : [trouble]), ...this.#message.split('\n')]);
    this.#view.message = visibleText([...lines].join('\n').trim());
  }

  #updateBadge(): void {
    const images = this.#store.running().length;
    const publications = this.#publications.running().length;
    const said = [
      ...(images === 1 ? [vscode.l10n.t('1 image is being generated')] : []),
      ...(images > 1 ? [vscode.l10n.t('{0} images are being generated', images)] : []),
      ...(publications === 1 ? [vscode.l10n.t('1 image is being published')] : []),
      ...(publications > 1 ? [vscode.l10n.t('{0} images are being published', publications)] : []),
    ];
    const value = images + publications;
    this.#view.badge = value === 0 ? undefined : { value, tooltip: said.join(', ') };
  }
}

import * as vscode from 'vscode';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Clock } from '../../uforge/clock.ts';
import { accessibleLabelOf, contextValueOf, descriptionOf, iconOf } from './appearance.ts';
import {
  applianceLabel,
  NodeTable,
  ticketKey,
  type ApplianceNode,
  type ImageNode,
  type TicketNode,
} from './nodes.ts';
import { tooltipOf } from './tooltip.ts';

/** The rows of the Images view, straight from the store: no row ever waits for a server. */
export class ImagesTree implements vscode.TreeDataProvider<ImageNode>, vscode.Disposable {
  readonly #store: TicketStore;
  readonly #clock: Clock;
  readonly #serverLabel: (server: string) => string;
  readonly #nodes = new NodeTable();
  readonly #changed = new vscode.EventEmitter<ImageNode | ImageNode[] | undefined>();
  readonly #subscription: Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: TicketStore, clock: Clock, serverLabel: (server: string) => string) {
    this.#store = store;
    this.#clock = clock;
    this.#serverLabel = serverLabel;
    this.#nodes.rebuild(store.all());
    this.#subscription = store.onDidChange((change) => {
      this.#follow(change);
    });
  }

  getChildren(node?: ImageNode): ImageNode[] {
    if (node === undefined) return [...this.#nodes.roots];
    return node.kind === 'appliance' ? [...node.tickets] : [];
  }

  getParent(node: ImageNode): ApplianceNode | undefined {
    return node.kind === 'ticket' ? node.parent : undefined;
  }

  getTreeItem(node: ImageNode): vscode.TreeItem {
    return node.kind === 'appliance' ? applianceItem(node) : ticketItem(node);
  }

  /** The tooltip is made when it is looked at, so that the time elapsed is right. */
  resolveTreeItem(item: vscode.TreeItem, node: ImageNode): vscode.TreeItem {
    if (node.kind === 'ticket') {
      item.tooltip = tooltipOf(node.ticket, this.#serverLabel(node.ticket.server), this.#clock.now());
    }
    return item;
  }

  /** The row of a ticket, to show it. */
  nodeOf(ticket: Ticket): TicketNode | undefined {
    return this.#nodes.ticket(ticketKey(ticket));
  }

  dispose(): void {
    this.#subscription[Symbol.dispose]();
    this.#changed.dispose();
  }

  /** Repaints the rows that changed; only when rows come, go or move is the tree asked for again. */
  #follow(change: {
    added: readonly Ticket[];
    changed: readonly Ticket[];
    removed: readonly Ticket[];
  }): void {
    const updated = change.changed.map((ticket) => this.#nodes.update(ticket));
    const stayed = updated.filter((node) => node !== undefined);
    if (change.added.length + change.removed.length > 0 || stayed.length < updated.length) {
      this.#nodes.rebuild(this.#store.all());
      this.#changed.fire(undefined);
      return;
    }
    if (stayed.length > 0) this.#changed.fire([...stayed, ...new Set(stayed.map((node) => node.parent))]);
  }
}

function applianceItem(node: ApplianceNode): vscode.TreeItem {
  const tickets = node.tickets.map((row) => row.ticket);
  const [newest] = tickets;
  const label = newest === undefined ? '' : applianceLabel(newest);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  const running = tickets.filter((ticket) => !isFinal(ticket.state)).length;
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon('package');
  item.contextValue = 'appliance';
  const description = running > 0 ? vscode.l10n.t('{0} running', running) : '';
  item.description = description;
  item.tooltip = newest?.applianceUri ?? '';
  // Without it a screen reader would read the tooltip, a URI, as the row's name.
  item.accessibilityInformation = { label: running > 0 ? `${label}, ${description}` : label };
  return item;
}

function ticketItem(node: TicketNode): vscode.TreeItem {
  const { ticket } = node;
  const item = new vscode.TreeItem(ticket.targetFormat, vscode.TreeItemCollapsibleState.None);
  item.id = node.id;
  item.iconPath = iconOf(ticket.state);
  item.description = descriptionOf(ticket);
  item.contextValue = contextValueOf(ticket);
  item.accessibilityInformation = { label: accessibleLabelOf(ticket, applianceLabel(ticket)) };
  return item;
}

import * as vscode from 'vscode';
import type { TicketChange, TicketStore } from '../../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Clock } from '../../../uforge/clock.ts';
import type { Arrangement } from './arrangement.ts';
import { NodeTable, type GroupNode, type ImageNode, type TicketNode } from './nodes.ts';
import { tooltipOf } from './tooltip.ts';
import { groupItem, ticketItem } from './treeItems.ts';

export interface ImagesTreeOptions {
  readonly store: TicketStore;
  readonly clock: Clock;
  readonly arrangement: Arrangement;
  /** What is known of the appliances' revisions, to mark images that are out of date. */
  readonly revisions: { isStale(ticket: Ticket): boolean };
  readonly serverLabel: (server: string) => string;
  /** How the tests of an image went. */
  readonly tested: { labelOf(ticket: Ticket): string | undefined };
}

/** With more groups than these they are closed at first; their rows come when they are opened. */
const openGroups = 20;
/** So is a group with more rows than these: thousands take VS Code seconds. */
const openRows = 1000;

/** The rows of the Images view, straight from the store: no row ever waits for a server. */
export class ImagesTree implements vscode.TreeDataProvider<ImageNode>, vscode.Disposable {
  readonly #options: ImagesTreeOptions;
  readonly #nodes = new NodeTable();
  #severalServers = false;
  readonly #changed = new vscode.EventEmitter<ImageNode | ImageNode[] | undefined>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: ImagesTreeOptions) {
    this.#options = options;
    this.#rebuild();
    const listening = options.store.onDidChange((change) => this.#follow(change));
    this.#subscriptions = vscode.Disposable.from(
      new vscode.Disposable(() => listening[Symbol.dispose]()),
      options.arrangement.onDidChange(() => this.refresh()),
      this.#changed,
    );
  }

  getChildren(node?: ImageNode): ImageNode[] {
    if (node === undefined) return [...this.#nodes.roots];
    return [...(node.kind === 'ticket' ? node.attempts : node.tickets)];
  }

  getParent(node: ImageNode): ImageNode | undefined {
    return node.kind === 'ticket' ? node.parent : undefined;
  }

  getTreeItem(node: ImageNode): vscode.TreeItem {
    const { clock, revisions, serverLabel, tested } = this.#options;
    if (node.kind !== 'ticket') {
      const open = this.#nodes.roots.length <= openGroups && node.tickets.length <= openRows;
      return groupItem(node, { serverLabel, open, severalServers: this.#severalServers });
    }
    return ticketItem(node, this.#labelOf(node), {
      stale: revisions.isStale(node.ticket),
      tested: tested.labelOf(node.ticket),
      now: clock.now(),
    });
  }

  /** The tooltip is made when it is looked at, so that the time elapsed is right. */
  resolveTreeItem(item: vscode.TreeItem, node: ImageNode): vscode.TreeItem {
    if (node.kind === 'ticket') {
      const { clock, revisions, serverLabel } = this.#options;
      const { ticket } = node;
      const stale = revisions.isStale(ticket);
      item.tooltip = tooltipOf(ticket, serverLabel(ticket.server), clock.now(), stale);
    }
    return item;
  }

  /** The row of a ticket, to show it. */
  nodeOf(ticket: Ticket): TicketNode | undefined {
    return this.#nodes.ticket(ticketKey(ticket));
  }

  /** Asks for all rows anew. */
  refresh(): void {
    this.#rebuild();
    this.#changed.fire(undefined);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #rebuild(): void {
    const { store, arrangement } = this.#options;
    const shown = store.all().filter((ticket) => arrangement.shows(ticket));
    this.#severalServers = new Set(shown.map(({ server }) => server)).size > 1;
    this.#nodes.rebuild(shown, arrangement.grouping);
  }

  /** What tells a row from its neighbours: under an appliance the format is enough. */
  #labelOf(node: TicketNode): 'format' | 'appliance' {
    return groupOf(node).kind === 'appliance' ? 'format' : 'appliance';
  }

  /** Repaints the rows that changed; only when rows come, go or move is the tree asked for again. */
  #follow({ added, changed, removed }: TicketChange): void {
    const { arrangement } = this.#options;
    const stayed: TicketNode[] = [];
    let moves = added.length + removed.length > 0;
    for (const ticket of changed) {
      const shown = arrangement.shows(ticket);
      const node = shown ? this.#nodes.update(ticket) : undefined;
      if (node !== undefined) stayed.push(node);
      else moves ||= shown || this.nodeOf(ticket) !== undefined;
    }
    if (moves) this.refresh();
    else if (stayed.length > 0) this.#changed.fire([...stayed, ...new Set(stayed.map(groupOf))]);
  }
}

function groupOf(node: TicketNode): GroupNode {
  let root: ImageNode = node;
  while (root.kind === 'ticket') root = root.parent;
  return root;
}

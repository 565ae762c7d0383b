import * as vscode from 'vscode';
import type { DeploymentStore } from '../../../tickets/deployment.ts';
import type { PublicationStore } from '../../../tickets/publication.ts';
import type { TicketChange, TicketStore } from '../../../tickets/store.ts';
import { ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { Tracked, TrackedId } from '../../../tickets/tracked.ts';
import type { Change } from '../../../tickets/trackedStore.ts';
import type { Clock } from '../../../uforge/clock.ts';
import { deploymentItem, deploymentTooltip } from '../../publications/deploymentRow.ts';
import { looseItem, publicationItem, publicationTooltip } from '../../publications/publicationRow.ts';
import type { Arrangement } from './arrangement.ts';
import { NodeTable, type GroupNode, type ImageNode, type TicketNode } from './nodes.ts';
import { PublishedNodes } from './publishedNodes.ts';
import { tooltipOf } from './tooltip.ts';
import { groupItem, ticketItem } from './treeItems.ts';

export interface ImagesTreeOptions {
  readonly store: TicketStore;
  readonly publications: PublicationStore;
  readonly deployments: DeploymentStore;
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
  readonly #published = new PublishedNodes();
  #severalServers = false;
  readonly #changed = new vscode.EventEmitter<ImageNode | ImageNode[] | undefined>();
  readonly #subscriptions: vscode.Disposable;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(options: ImagesTreeOptions) {
    this.#options = options;
    this.#rebuild();
    const { store, publications, deployments } = options;
    const listening = [
      store.onDidChange((change) => this.#follow(change)),
      publications.onDidChange((change) => this.#followPublished(change)),
      deployments.onDidChange((change) => this.#followPublished(change)),
    ];
    this.#subscriptions = vscode.Disposable.from(
      ...listening.map((each) => new vscode.Disposable(() => each[Symbol.dispose]())),
      options.arrangement.onDidChange(() => this.refresh()),
      this.#changed,
    );
  }

  getChildren(node?: ImageNode): ImageNode[] {
    const { loose } = this.#published;
    if (node === undefined) return [...this.#nodes.roots, ...(loose.rows.length > 0 ? [loose] : [])];
    switch (node.kind) {
      case 'ticket':
        return [...this.#published.under(node), ...node.attempts];
      case 'publication':
        return [...node.deployments];
      case 'deployment':
        return [];
      case 'loose':
        return [...node.rows];
      default:
        return [...node.tickets];
    }
  }

  getParent(node: ImageNode): ImageNode | undefined {
    return 'parent' in node ? node.parent : undefined;
  }

  getTreeItem(node: ImageNode): vscode.TreeItem {
    const { clock, revisions, serverLabel, tested } = this.#options;
    switch (node.kind) {
      case 'ticket':
        return ticketItem(node, this.#labelOf(node), {
          stale: revisions.isStale(node.ticket),
          tested: tested.labelOf(node.ticket),
          published: this.#published.under(node).length > 0,
          now: clock.now(),
        });
      case 'publication':
        return publicationItem(node, clock.now());
      case 'deployment':
        return deploymentItem(node, clock.now());
      case 'loose':
        return looseItem(node);
      default: {
        const open = this.#nodes.roots.length <= openGroups && node.tickets.length <= openRows;
        return groupItem(node, { serverLabel, open, severalServers: this.#severalServers });
      }
    }
  }

  /** The tooltip is made when it is looked at, so that the time elapsed is right. */
  resolveTreeItem(item: vscode.TreeItem, node: ImageNode): vscode.TreeItem {
    const { clock, revisions, serverLabel } = this.#options;
    if (node.kind === 'ticket') {
      const { ticket } = node;
      const stale = revisions.isStale(ticket);
      item.tooltip = tooltipOf(ticket, serverLabel(ticket.server), clock.now(), stale);
    } else if (node.kind === 'publication') {
      const { publication } = node;
      item.tooltip = publicationTooltip(publication, serverLabel(publication.server), clock.now());
    } else if (node.kind === 'deployment') {
      item.tooltip = deploymentTooltip(node.deployment, serverLabel(node.deployment.server));
    }
    return item;
  }

  /** The row of a ticket, to show it. */
  nodeOf(ticket: Ticket): TicketNode | undefined {
    return this.#nodes.ticket(ticketKey(ticket));
  }

  /** The row of a publication or a deployment, likewise. */
  rowOf(record: TrackedId): ImageNode | undefined {
    return this.#published.nodeOf(record);
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
    this.#placePublished();
  }

  #placePublished(): void {
    const { store, publications, deployments, arrangement } = this.#options;
    const imageOf = ({ server, aid, itid }: Pick<Ticket, 'server' | 'aid' | 'itid'>): string =>
      `${server} ${aid} ${itid}`;
    const all = publications.all();
    const tickets = all.length === 0 ? [] : store.all();
    const byImage = new Map(tickets.map((ticket) => [imageOf(ticket), ticket]));
    this.#published.rebuild(all, deployments.all(), (publication) => {
      const ticket = byImage.get(imageOf(publication));
      // What the filter hides hides what has become of it; so does the filter what has no image.
      if (ticket === undefined) return arrangement.filter === '' ? undefined : 'hidden';
      return this.nodeOf(ticket) ?? 'hidden';
    });
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

  /** The same for publications and deployments; one that comes or goes changes the row above it, too. */
  #followPublished({ added, changed, removed }: Change<Tracked>): void {
    this.#placePublished();
    if (added.length + removed.length > 0) this.#changed.fire(undefined);
    else this.#changed.fire(changed.flatMap((record) => this.rowOf(record) ?? []));
  }
}

function groupOf(node: TicketNode): GroupNode {
  let root: GroupNode | TicketNode = node;
  while (root.kind === 'ticket') root = root.parent;
  return root;
}

import type { Deployment } from '../../../tickets/deployment.ts';
import type { Publication } from '../../../tickets/publication.ts';
import { ticketKey, type Ticket } from '../../../tickets/ticket.ts';

/** What the rows stand under. */
export type Grouping = 'appliance' | 'server' | 'state';

/**
 * A row of the Images view: a group, a ticket, an earlier attempt under the newest of its request, or what has
 * become of an image.
 */
export type ImageNode = GroupNode | TicketNode | PublicationNode | DeploymentNode | LooseNode;

export interface GroupNode {
  readonly kind: Grouping;
  /** Stable: nothing that changes while an image is being generated is part of it. */
  readonly id: string;
  /** The newest of each request, newest first. */
  tickets: readonly TicketNode[];
}

export interface TicketNode {
  readonly kind: 'ticket';
  readonly id: string;
  readonly parent: GroupNode | TicketNode;
  /** As last seen; replaced, never changed. */
  ticket: Ticket;
  /** Earlier attempts of the same request, newest first. */
  attempts: readonly TicketNode[];
}

/** A publication, under its image. */
export interface PublicationNode {
  readonly kind: 'publication';
  readonly id: string;
  readonly parent: TicketNode | LooseNode;
  /** As last seen; replaced, never changed. */
  publication: Publication;
  deployments: readonly DeploymentNode[];
}

/** A deployment, under its publication. */
export interface DeploymentNode {
  readonly kind: 'deployment';
  readonly id: string;
  readonly parent: PublicationNode | LooseNode;
  deployment: Deployment;
}

/** Publications and deployments whose image is not there: they outlive it, and cost money. */
export interface LooseNode {
  readonly kind: 'loose';
  readonly id: 'loose';
  /** None: no ticket stands here. */
  readonly tickets: readonly [];
  rows: readonly (PublicationNode | DeploymentNode)[];
}

/** All tickets of a group, the earlier attempts among them. */
export function ticketsIn(node: GroupNode): readonly Ticket[] {
  return node.tickets.flatMap(({ ticket, attempts }) => [ticket, ...attempts.map((each) => each.ticket)]);
}

/** An appliance is told by its address on the server, so that equal names on two servers stay apart. */
function applianceKey({ server, applianceUri }: Ticket): string {
  return `${server}/${applianceUri}`;
}

const groupKeys: Readonly<Record<Grouping, (ticket: Ticket) => string>> = {
  appliance: applianceKey,
  server: ({ server }) => server,
  state: ({ state }) => state,
};

/** Tickets of the same request: the newest replaces the others. In groups by state each stands alone. */
function requestKey(ticket: Ticket, grouping: Grouping): string {
  if (grouping === 'state') return ticketKey(ticket);
  return `${applianceKey(ticket)} ${ticket.targetFormat} ${ticket.simulated ? 'simulated' : ''}`;
}

/** Keeps the rows for a list of tickets, and says which to repaint or that the tree has another shape. */
export class NodeTable {
  readonly #groups = new Map<string, GroupNode>();
  #tickets = new Map<string, TicketNode>();
  #roots: readonly GroupNode[] = [];
  #grouping: Grouping = 'appliance';

  /** Groups, the one with the newest ticket first. */
  get roots(): readonly GroupNode[] {
    return this.#roots;
  }

  ticket(key: string): TicketNode | undefined {
    return this.#tickets.get(key);
  }

  /** Takes over all tickets there are now, newest first in their group. */
  rebuild(tickets: readonly Ticket[], grouping: Grouping = this.#grouping): void {
    this.#grouping = grouping;
    const known = this.#tickets;
    this.#tickets = new Map();
    const groups = Map.groupBy(tickets.toSorted(newestFirst), groupKeys[grouping]);
    this.#roots = [...groups].map(([key, members]) => {
      const id = `${grouping}:${key}`;
      const group = this.#groups.get(id) ?? { kind: grouping, id, tickets: [] };
      this.#groups.set(id, group);
      const requests = Map.groupBy(members, (ticket) => requestKey(ticket, grouping));
      group.tickets = [...requests.values()].flatMap(([newest, ...earlier]) =>
        newest === undefined ? [] : [this.#row(newest, earlier, group, known)],
      );
      return group;
    });
    const kept = new Set(this.#roots.map(({ id }) => id));
    for (const id of this.#groups.keys()) if (!kept.has(id)) this.#groups.delete(id);
  }

  /** Takes over one ticket's new status. Nothing when its row must move: then the tree has to be rebuilt. */
  update(ticket: Ticket): TicketNode | undefined {
    const node = this.#tickets.get(ticketKey(ticket));
    const group = groupKeys[this.#grouping];
    if (node === undefined || group(node.ticket) !== group(ticket)) return undefined;
    if (node.ticket.created !== ticket.created) return undefined;
    node.ticket = ticket;
    return node;
  }

  #row(
    newest: Ticket,
    earlier: readonly Ticket[],
    group: GroupNode,
    known: ReadonlyMap<string, TicketNode>,
  ): TicketNode {
    const row = this.#nodeFor(newest, group, known);
    row.attempts = earlier.map((ticket) => this.#nodeFor(ticket, row, known));
    return row;
  }

  #nodeFor(
    ticket: Ticket,
    parent: GroupNode | TicketNode,
    known: ReadonlyMap<string, TicketNode>,
  ): TicketNode {
    const key = ticketKey(ticket);
    const before = known.get(key);
    const node: TicketNode =
      before?.parent === parent
        ? before
        : { kind: 'ticket', id: `ticket:${key}`, parent, ticket, attempts: [] };
    node.ticket = ticket;
    node.attempts = [];
    this.#tickets.set(key, node);
    return node;
  }
}

/** Dates are ISO texts in UTC, so they compare as they are. */
function newestFirst(a: Ticket, b: Ticket): number {
  if (a.created !== b.created) return a.created < b.created ? 1 : -1;
  return a.uri < b.uri ? 1 : -1;
}

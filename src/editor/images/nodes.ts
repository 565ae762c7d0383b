import type { Ticket } from '../../tickets/ticket.ts';

/** A row of the Images view: an appliance, or a ticket under it. The same object stays for the same row. */
export type ImageNode = ApplianceNode | TicketNode;

export interface ApplianceNode {
  readonly kind: 'appliance';
  /** Stable: nothing that changes while an image is being generated is part of it. */
  readonly id: string;
  tickets: readonly TicketNode[];
}

export interface TicketNode {
  readonly kind: 'ticket';
  readonly id: string;
  readonly parent: ApplianceNode;
  /** As last seen; replaced, never changed. */
  ticket: Ticket;
}

/** Identity of a ticket among all servers. */
export function ticketKey(ticket: Pick<Ticket, 'server' | 'uri'>): string {
  return `${ticket.server}/${ticket.uri}`;
}

/** `name version`, as the appliance is called in every message. */
export function applianceLabel(ticket: Ticket): string {
  return `${ticket.applianceName} ${ticket.applianceVersion}`.trim();
}

/** An appliance is told by its address on the server, so that equal names on two servers stay apart. */
function applianceKey(ticket: Ticket): string {
  return `${ticket.server}/${ticket.applianceUri}`;
}

/** Keeps the rows for a list of tickets, and says what changed: rows to repaint, or that the tree has another shape. */
export class NodeTable {
  readonly #appliances = new Map<string, ApplianceNode>();
  readonly #tickets = new Map<string, TicketNode>();
  #roots: readonly ApplianceNode[] = [];

  /** Appliances, the one with the newest ticket first. */
  get roots(): readonly ApplianceNode[] {
    return this.#roots;
  }

  ticket(key: string): TicketNode | undefined {
    return this.#tickets.get(key);
  }

  /** Takes over all tickets there are now, newest first under their appliance. */
  rebuild(tickets: readonly Ticket[]): void {
    const newestFirst = tickets.toSorted(
      (a, b) => b.created.localeCompare(a.created) || b.uri.localeCompare(a.uri),
    );
    const groups = Map.groupBy(newestFirst, applianceKey);
    this.#roots = [...groups].map(([key, members]) => {
      const appliance = this.#appliances.get(key) ?? {
        kind: 'appliance',
        id: `appliance:${key}`,
        tickets: [],
      };
      this.#appliances.set(key, appliance);
      appliance.tickets = members.map((ticket) => this.#nodeFor(ticket, appliance));
      return appliance;
    });
    const kept = new Set(tickets.map(ticketKey));
    for (const key of this.#tickets.keys()) if (!kept.has(key)) this.#tickets.delete(key);
    for (const key of this.#appliances.keys()) if (!groups.has(key)) this.#appliances.delete(key);
  }

  /** Takes over one ticket's new status. Nothing when its row must move: then the tree has to be rebuilt. */
  update(ticket: Ticket): TicketNode | undefined {
    const node = this.#tickets.get(ticketKey(ticket));
    if (node === undefined || applianceKey(node.ticket) !== applianceKey(ticket)) return undefined;
    if (node.ticket.created !== ticket.created) return undefined;
    node.ticket = ticket;
    return node;
  }

  #nodeFor(ticket: Ticket, parent: ApplianceNode): TicketNode {
    const key = ticketKey(ticket);
    const known = this.#tickets.get(key);
    if (known?.parent === parent) {
      known.ticket = ticket;
      return known;
    }
    const node: TicketNode = { kind: 'ticket', id: `ticket:${key}`, parent, ticket };
    this.#tickets.set(key, node);
    return node;
  }
}

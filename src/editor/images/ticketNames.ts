import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';

/** Identity of a ticket among all servers. */
export function ticketKey(ticket: Pick<Ticket, 'server' | 'uri'>): string {
  return `${ticket.server}/${ticket.uri}`;
}

/** The ticket a key was made of, as it is now; a document or a page knows no more of it. */
export function ticketOfKey(store: TicketStore, key: unknown): Ticket | undefined {
  return store.all().find((ticket) => ticketKey(ticket) === key);
}

/** `name version`, as the appliance is called in every message. */
export function applianceLabel(ticket: Ticket): string {
  return `${ticket.applianceName} ${ticket.applianceVersion}`.trim();
}

/** An appliance is told by its address on the server, so that equal names on two servers stay apart. */
export function applianceKey(ticket: Ticket): string {
  return `${ticket.server}/${ticket.applianceUri}`;
}

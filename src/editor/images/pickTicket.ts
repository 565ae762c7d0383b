import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, ticketKey, type Ticket, type TicketId } from '../../tickets/ticket.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { inform } from '../messages.ts';
import { descriptionOf } from './appearance.ts';
import { recordFor, recordIn, type Choice } from './pickRecord.ts';

/** What a ticket command is for. */
export type TicketChoice = Choice<Ticket>;

/**
 * The ticket a command is meant for: that of the row or of the notification it was called from, as it is now;
 * else the only one that fits; else the one the person picks.
 */
export async function ticketFor(
  argument: unknown,
  store: TicketStore,
  choice: TicketChoice,
): Promise<Ticket | undefined> {
  return await recordFor(ticketIn(argument), store, choice, {
    gone: vscode.l10n.t('This image has been deleted.'),
    labelOf: (ticket) => `${applianceLabel(ticket)} · ${ticket.targetFormat}`,
    descriptionOf,
  });
}

/**
 * The tickets a command is meant for: all rows that are selected when it was called from one of them (a
 * group's row means all its tickets), else one, as `ticketFor` finds it. Tickets that don't fit are left out
 * when others do.
 */
export async function ticketsFor(
  args: readonly unknown[],
  store: TicketStore,
  choice: TicketChoice,
): Promise<readonly Ticket[]> {
  const [first, selection] = args;
  const rows: readonly unknown[] = Array.isArray(selection) && selection.length > 1 ? selection : [first];
  const named = new Set(rows.flatMap((row) => ticketsNamed(row)).map(ticketKey));
  if (named.size > 1) {
    const fitting = store.all().filter((ticket) => named.has(ticketKey(ticket)) && choice.fits(ticket));
    if (fitting.length > 0) return fitting;
    void inform(choice.none);
    return [];
  }
  const ticket = await ticketFor(first, store, choice);
  return ticket === undefined ? [] : [ticket];
}

/** Whether a row stands for several tickets. */
export function isGroup(row: unknown): row is { readonly tickets: readonly unknown[] } {
  return isRecord(row) && Array.isArray(row['tickets']);
}

function ticketsNamed(row: unknown): readonly TicketId[] {
  if (isGroup(row)) return row.tickets.flatMap((node) => ticketIn(node) ?? []);
  const ticket = ticketIn(row);
  return ticket === undefined ? [] : [ticket];
}

/** Menus hand over the row, notifications the ticket. */
export function ticketIn(argument: unknown): TicketId | undefined {
  return recordIn(argument, 'ticket');
}

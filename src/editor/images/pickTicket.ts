import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, ticketKey, type Ticket, type TicketId } from '../../tickets/ticket.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { pickOne } from '../inputs.ts';
import { inform } from '../messages.ts';
import { descriptionOf, iconOf } from './appearance.ts';

/** What a ticket command is for. */
export interface TicketChoice {
  readonly title: string;
  readonly placeHolder: string;
  /** Said when no ticket fits. */
  readonly none: string;
  fits(ticket: Ticket): boolean;
}

interface TicketPick extends vscode.QuickPickItem {
  readonly ticket: Ticket;
}

/**
 * The ticket a command is meant for: that of the row or of the notification it was called from, as it is now;
 * else the only one that fits; else the one the person picks.
 */
export async function ticketFor(
  argument: unknown,
  store: TicketStore,
  choice: TicketChoice,
): Promise<Ticket | undefined> {
  const named = ticketIn(argument);
  const tickets = store.all();
  if (named !== undefined) {
    const current = tickets.find((ticket) => ticketKey(ticket) === ticketKey(named));
    if (current === undefined) {
      void inform(vscode.l10n.t('This image has been deleted.'));
    } else if (!choice.fits(current)) {
      void inform(choice.none);
    } else {
      return current;
    }
    return undefined;
  }
  const fitting = tickets.filter((ticket) => choice.fits(ticket));
  if (fitting.length === 0) {
    void inform(choice.none);
    return undefined;
  }
  const newestFirst = fitting.toSorted((a, b) => b.created.localeCompare(a.created));
  const pick = await pickOne(newestFirst.map(pickFor), {
    title: choice.title,
    placeHolder: choice.placeHolder,
  });
  return pick?.ticket;
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

function pickFor(ticket: Ticket): TicketPick {
  return {
    ticket,
    label: `${applianceLabel(ticket)} · ${ticket.targetFormat}`,
    description: descriptionOf(ticket, Date.now()),
    iconPath: iconOf(ticket.state),
  };
}

/** Menus hand over the row, notifications the ticket. */
export function ticketIn(argument: unknown): TicketId | undefined {
  if (!isRecord(argument)) return undefined;
  const candidate = argument['kind'] === 'ticket' ? argument['ticket'] : argument;
  if (!isRecord(candidate)) return undefined;
  const { server, uri } = candidate;
  return typeof server === 'string' && typeof uri === 'string' ? { server, uri } : undefined;
}

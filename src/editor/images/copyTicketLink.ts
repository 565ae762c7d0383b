import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { hint } from '../messages.ts';
import { ticketFor } from './pickTicket.ts';
import { linkTo } from './ticketLinks.ts';

/** Copies the link that opens a ticket in an editor, and resolves with it. */
export async function copyTicketLink(argument: unknown, store: TicketStore): Promise<string | undefined> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Copy Link to Ticket'),
    placeHolder: vscode.l10n.t('Image whose link to copy'),
    none: vscode.l10n.t('There is no image to link to.'),
    fits: () => true,
  });
  if (ticket === undefined) return undefined;
  const link = linkTo(ticket).toString();
  await vscode.env.clipboard.writeText(link);
  hint(vscode.l10n.t('The link is copied.'));
  return link;
}

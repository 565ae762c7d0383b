import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { isGroup, ticketFor } from '../pickTicket.ts';
import type { TicketPages } from './ticketPage.ts';

/** Opens the page of an image. The key for it opens and closes a group, as it does everywhere. */
export async function showTicket(argument: unknown, store: TicketStore, pages: TicketPages): Promise<void> {
  if (isGroup(argument)) {
    await vscode.commands.executeCommand('list.toggleExpand');
    return;
  }
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Show Details'),
    placeHolder: vscode.l10n.t('Image whose page to show'),
    none: vscode.l10n.t('There is no image yet.'),
    fits: () => true,
  });
  if (ticket !== undefined) pages.show(ticket);
}

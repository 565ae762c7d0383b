import * as vscode from 'vscode';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { forEachTicket } from './eachTicket.ts';
import { ticketsFor } from './pickTicket.ts';

/** Cancels generations. The rows show it at once, and how they ended as soon as the server has said so. */
export async function cancelImages(
  args: readonly unknown[],
  store: TicketStore,
  service: TicketService,
): Promise<void> {
  const tickets = await ticketsFor(args, store, {
    title: vscode.l10n.t('Cancel Image'),
    placeHolder: vscode.l10n.t('Image to stop generating'),
    none: vscode.l10n.t('This needs an image that is being generated.'),
    fits: ({ state }) => !isFinal(state),
  });
  await forEachTicket(tickets, (ticket) => service.cancel(ticket));
}

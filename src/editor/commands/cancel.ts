import * as vscode from 'vscode';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { ticketFor } from './target.ts';

/** Cancels a generation. The row shows it as soon as the server has said so. */
export async function cancelImage(
  argument: unknown,
  store: TicketStore,
  service: TicketService,
): Promise<void> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Cancel Image'),
    placeHolder: vscode.l10n.t('Image to stop generating'),
    none: vscode.l10n.t('This needs an image that is being generated.'),
    fits: ({ state }) => !isFinal(state),
  });
  if (ticket !== undefined) await service.cancel(ticket);
}

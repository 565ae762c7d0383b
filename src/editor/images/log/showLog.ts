import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { ticketFor } from '../pickTicket.ts';
import type { LogDocuments } from './logDocument.ts';

/** Opens the log of an image's generation as a document. */
export async function showLog(argument: unknown, store: TicketStore, logs: LogDocuments): Promise<void> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Show Log'),
    placeHolder: vscode.l10n.t('Image whose log to show'),
    none: vscode.l10n.t('There is no image, so there is no log.'),
    fits: () => true,
  });
  if (ticket !== undefined) await logs.show(ticket);
}

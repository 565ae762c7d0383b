import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import { isThere } from '../definitions/read.ts';
import { Refusal } from '../errors.ts';
import { ticketFor } from './pickTicket.ts';

/** Opens the file an image was generated from. */
export async function openDefinition(argument: unknown, store: TicketStore): Promise<void> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Open Definition'),
    placeHolder: vscode.l10n.t('Image whose definition to open'),
    none: vscode.l10n.t('This image was not generated from a file on this computer.'),
    fits: ({ definition }) => definition !== undefined,
  });
  if (ticket?.definition === undefined) return;
  const uri = vscode.Uri.parse(ticket.definition, true);
  if (!(await isThere(uri))) throw new Refusal(vscode.l10n.t('{0} is not there any more.', uri.fsPath));
  await vscode.window.showTextDocument(uri);
}

import * as vscode from 'vscode';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, type Ticket } from '../../tickets/ticket.ts';
import { confirmed } from '../messages.ts';
import { ticketFor } from './pickTicket.ts';

/**
 * Asks the server for the same image once more, from the request it keeps, whatever the file says by now. One
 * that is still being generated is ended first, when the person says so.
 */
export async function regenerate(
  argument: unknown,
  store: TicketStore,
  service: TicketService,
): Promise<Ticket | undefined> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Regenerate Image'),
    placeHolder: vscode.l10n.t('Image to ask the server for once more'),
    none: vscode.l10n.t('There is no image to regenerate.'),
    fits: () => true,
  });
  if (ticket === undefined) return undefined;
  const running = !isFinal(ticket.state);
  if (running && !(await confirmForce(ticket))) return undefined;
  return service.regenerate(ticket, running);
}

function confirmForce(ticket: Ticket): Promise<boolean> {
  const question = vscode.l10n.t(
    'The image of {0} for {1} is still being generated. Cancel it and start again?',
    applianceLabel(ticket),
    ticket.targetFormat,
  );
  return confirmed(question, '', vscode.l10n.t('Start Again'));
}

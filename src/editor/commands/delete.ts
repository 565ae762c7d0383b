import * as vscode from 'vscode';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { formatBytes } from '../images/appearance.ts';
import { applianceLabel } from '../images/nodes.ts';
import { ticketFor } from './target.ts';

/**
 * Deletes an image on its server, after having said what is lost. `options` is for callers that have asked
 * already: `{ confirmed: true }`.
 */
export async function deleteImage(
  argument: unknown,
  options: unknown,
  store: TicketStore,
  service: TicketService,
): Promise<void> {
  const ticket = await ticketFor(argument, store, {
    title: vscode.l10n.t('Delete Image'),
    placeHolder: vscode.l10n.t('Image to delete'),
    none: vscode.l10n.t('There is no image to delete.'),
    fits: () => true,
  });
  if (ticket === undefined) return;
  if (isConfirmed(options) || (await confirm(ticket))) await service.remove(ticket);
}

function isConfirmed(options: unknown): boolean {
  return (
    typeof options === 'object' && options !== null && 'confirmed' in options && options.confirmed === true
  );
}

async function confirm(ticket: Ticket): Promise<boolean> {
  const deleteIt = vscode.l10n.t('Delete');
  const question = vscode.l10n.t(
    'Delete the image of {0} for {1}?',
    applianceLabel(ticket),
    ticket.targetFormat,
  );
  const answer = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: lossOf(ticket) },
    deleteIt,
  );
  return answer === deleteIt;
}

function lossOf(ticket: Ticket): string {
  if (!isFinal(ticket.state)) {
    return vscode.l10n.t(
      'It is still being generated: the generation is cancelled first, and its log is deleted.',
    );
  }
  if (ticket.fileSize === undefined) {
    return vscode.l10n.t(
      'Its entry and its log are deleted from the server. There is no image file to lose.',
    );
  }
  return vscode.l10n.t(
    '{0} ({1}) and its log are deleted from the server and can not be brought back. Files you have downloaded stay.',
    ticket.fileName ?? vscode.l10n.t('The image file'),
    formatBytes(ticket.fileSize),
  );
}

import * as vscode from 'vscode';
import { publicationsOf, type Publication, type PublicationStore } from '../../tickets/publication.ts';
import type { TicketService } from '../../tickets/service.ts';
import { isFinal } from '../../tickets/state.ts';
import type { TicketStore } from '../../tickets/store.ts';
import { applianceLabel, type Ticket } from '../../tickets/ticket.ts';
import { isRecord } from '../../uforge/isRecord.ts';
import { confirmed } from '../messages.ts';
import { formatBytes } from './appearance.ts';
import { forEachTicket } from './eachTicket.ts';
import { ticketsFor } from './pickTicket.ts';

/**
 * Deletes images on their servers, after having said what is lost. A caller that has asked already hands over
 * `{ confirmed: true }` after the ticket.
 */
export async function deleteImages(
  args: readonly unknown[],
  store: TicketStore,
  service: TicketService,
  publications: PublicationStore,
): Promise<void> {
  const tickets = await ticketsFor(args, store, {
    title: vscode.l10n.t('Delete Image'),
    placeHolder: vscode.l10n.t('Image to delete'),
    none: vscode.l10n.t('There is no image to delete.'),
    fits: () => true,
  });
  if (tickets.length === 0) return;
  if (args.some(isConfirmed) || (await confirm(tickets, publications.all())))
    await forEachTicket(tickets, (each) => service.remove(each));
}

function isConfirmed(options: unknown): boolean {
  return isRecord(options) && options['confirmed'] === true;
}

async function confirm(tickets: readonly Ticket[], publications: readonly Publication[]): Promise<boolean> {
  const [first, ...others] = tickets;
  if (first === undefined) return false;
  const question =
    others.length === 0
      ? vscode.l10n.t('Delete the image of {0} for {1}?', applianceLabel(first), first.targetFormat)
      : vscode.l10n.t('Delete {0} images?', tickets.length);
  const detail = others.length === 0 ? lossOf(first) : lossOfAll(tickets);
  const published = tickets.some((ticket) => publicationsOf(ticket, publications).length > 0);
  const stays = published
    ? `\n${vscode.l10n.t('What it was published as stays at its platform, and in the list.')}`
    : '';
  return confirmed(question, `${detail}${stays}`, vscode.l10n.t('Delete'));
}

function lossOfAll(tickets: readonly Ticket[]): string {
  const running = tickets.filter(({ state }) => !isFinal(state)).length;
  const bytes = tickets.reduce((sum, { fileSize = 0 }) => sum + fileSize, 0);
  const lines = [
    vscode.l10n.t(
      'Their files ({0}) and logs are deleted from the server and can not be brought back.',
      formatBytes(bytes),
    ),
    ...(running > 0
      ? [vscode.l10n.t('{0} are still being generated and are cancelled first.', running)]
      : []),
    vscode.l10n.t('Files you have downloaded stay.'),
  ];
  return lines.join('\n');
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

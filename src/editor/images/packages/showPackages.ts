import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { applianceLabel, ticketKey } from '../../../tickets/ticket.ts';
import { Refusal } from '../../errors.ts';
import { ticketFor, ticketsFor, type TicketChoice } from '../pickTicket.ts';
import type { PackageDocuments } from './packageDocuments.ts';

/** Opens the packages in an image as a document. */
export async function showPackages(
  argument: unknown,
  store: TicketStore,
  documents: PackageDocuments,
): Promise<void> {
  const ticket = await ticketFor(argument, store, packageChoice(vscode.l10n.t('Show Packages')));
  if (ticket !== undefined) await documents.show(ticket);
}

/** Compares the packages of two images: the two selected, else the one and another the person picks. */
export async function comparePackages(
  args: readonly unknown[],
  store: TicketStore,
  documents: PackageDocuments,
): Promise<void> {
  const title = vscode.l10n.t('Compare Packages');
  const [first, second, ...more] = await ticketsFor(args, store, packageChoice(title));
  if (first === undefined) return;
  if (more.length > 0) {
    throw new Refusal(vscode.l10n.t('Two images can be compared, not more.'));
  }
  const other =
    second ??
    (await ticketFor(undefined, store, {
      ...packageChoice(title),
      placeHolder: vscode.l10n.t(
        'Image to compare {0} with',
        `${applianceLabel(first)} · ${first.targetFormat}`,
      ),
      fits: (ticket) => ticket.state === 'done' && ticketKey(ticket) !== ticketKey(first),
    }));
  if (other !== undefined) await documents.compare(first, other);
}

/** An image whose packages are known. */
export function packageChoice(title: string): TicketChoice {
  return {
    title,
    placeHolder: vscode.l10n.t('Image whose packages are meant'),
    none: vscode.l10n.t('This needs an image that is done: only then it is known what is in it.'),
    fits: ({ state }) => state === 'done',
  };
}

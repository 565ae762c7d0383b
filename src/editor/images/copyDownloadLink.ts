import * as vscode from 'vscode';
import type { TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import type { Servers } from '../server/servers.ts';
import { ticketsFor } from './pickTicket.ts';

/** Copies the addresses of finished files. Whoever opens one signs in to the server: no key is part of it. */
export async function copyLinks(
  args: readonly unknown[],
  store: TicketStore,
  servers: Servers,
): Promise<string | undefined> {
  const tickets = await ticketsFor(args, store, {
    title: vscode.l10n.t('Copy Download Link'),
    placeHolder: vscode.l10n.t('Image whose address to copy'),
    none: vscode.l10n.t('This needs an image that is done and was requested with compress.'),
    fits: ({ downloadable }) => downloadable,
  });
  if (tickets.length === 0) return undefined;
  const links = await Promise.all(
    tickets.map(async (ticket) => linkOf(ticket, (await servers.client(ticket.server)).baseUrl)),
  );
  const text = links.join('\n');
  await vscode.env.clipboard.writeText(text);
  return text;
}

/** The address of a finished file on its server, without a key: whoever opens it signs in there. */
function linkOf({ uri, fileName = '' }: Ticket, baseUrl: URL): string {
  return new URL(`${uri}/downloads/${encodeURIComponent(fileName)}`, baseUrl).href;
}

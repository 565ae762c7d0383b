import * as vscode from 'vscode';
import type { TicketService } from '../../tickets/service.ts';
import type { TicketStore } from '../../tickets/store.ts';
import type { TicketId } from '../../tickets/ticket.ts';
import { commandId } from '../commandIds.ts';
import { Refusal, type ErrorReporter } from '../errors.ts';
import { hint } from '../messages.ts';
import { hostOf, type Servers } from '../server/servers.ts';
import { ticketFor } from './pickTicket.ts';

const extensionId = 'appliance-forge.appliance-forge';
const ticketPath = '/ticket';

/** The link that opens a ticket in a window of this editor: for a chat, an issue, a colleague. */
function linkTo({ server, uri }: TicketId): vscode.Uri {
  const query = new URLSearchParams({ server, uri }).toString();
  return vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: extensionId, path: ticketPath, query });
}

export interface LinkOptions {
  readonly store: TicketStore;
  readonly service: TicketService;
  readonly servers: Servers;
  readonly errors: ErrorReporter;
}

/**
 * Makes links to tickets, and opens what one leads to. A link may come from anybody: it shows a ticket and does nothing else, and it
 * reaches no server the person has not chosen.
 */
export class LinkHandler implements vscode.UriHandler, vscode.Disposable {
  readonly #options: LinkOptions;
  readonly #registration: vscode.Disposable;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#registration = vscode.window.registerUriHandler(this);
  }

  /** Never rejects. */
  async handleUri(link: vscode.Uri): Promise<void> {
    try {
      await this.#open(link);
    } catch (error) {
      this.#options.errors.show(error);
    }
  }

  /** Copies the link that opens a ticket in an editor, and resolves with it. */
  async copy(argument: unknown): Promise<string | undefined> {
    const ticket = await ticketFor(argument, this.#options.store, {
      title: vscode.l10n.t('Copy Link to Ticket'),
      placeHolder: vscode.l10n.t('Image whose link to copy'),
      none: vscode.l10n.t('There is no image to link to.'),
      fits: () => true,
    });
    if (ticket === undefined) return undefined;
    const link = linkTo(ticket).toString();
    await vscode.env.clipboard.writeText(link);
    hint(vscode.l10n.t('The link is copied.'));
    return link;
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #open(link: vscode.Uri): Promise<void> {
    const { store, service } = this.#options;
    const address = addressIn(link);
    if (address === undefined) {
      throw new Refusal(vscode.l10n.t('This link leads to no ticket.'));
    }
    if (store.get(address) === undefined) {
      this.#assertKnown(address.server);
      await service.refresh(address.server);
    }
    if (store.get(address) === undefined) {
      const host = this.#options.servers.label(address.server);
      throw new Refusal(vscode.l10n.t('{0} has no such ticket for you.', host));
    }
    await vscode.commands.executeCommand(commandId('showTicket'), address);
  }

  #assertKnown(server: string): void {
    const { servers } = this.#options;
    if (servers.all.includes(server)) return;
    const message = vscode.l10n.t(
      'This link leads to a ticket on {0}, which is none of your servers.',
      hostOf(server),
    );
    throw new Refusal(message);
  }
}

function addressIn({ path, query }: vscode.Uri): TicketId | undefined {
  if (path !== ticketPath) return undefined;
  const values = new URLSearchParams(query);
  const server = values.get('server');
  const uri = values.get('uri');
  return server && uri ? { server, uri } : undefined;
}

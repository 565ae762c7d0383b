import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { applianceLabel, imageIds, ticketKey, type Ticket } from '../../../tickets/ticket.ts';
import type { ImagePkg } from '../../../uforge/dto.ts';
import { leftOutIn } from '../../../uforge/leftOutLine.ts';
import { visibleText } from '../../../uforge/visibleText.ts';
import { Refusal } from '../../errors.ts';
import type { Servers } from '../../server/servers.ts';
import { ticketFor, ticketsFor, type TicketChoice } from '../pickTicket.ts';
import { messageOf } from '../../../uforge/messageOf.ts';

const scheme = 'appliance-forge-packages';

/** The packages in an image as a read-only document, a line each; two of them in the diff editor. */
export class PackageDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #store: TicketStore;
  readonly #servers: Servers;
  readonly #registration: vscode.Disposable;

  constructor(store: TicketStore, servers: Servers) {
    this.#store = store;
    this.#servers = servers;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async show(argument: unknown): Promise<void> {
    const choice = packageChoice(vscode.l10n.t('Show Packages'));
    const ticket = await ticketFor(argument, this.#store, choice);
    if (ticket === undefined) return;
    const document = await vscode.workspace.openTextDocument(uriOf(ticket));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** Compares the packages of two images: the two selected, else the one and another the person picks. */
  async compare(args: readonly unknown[]): Promise<void> {
    const choice = packageChoice(vscode.l10n.t('Compare Packages'));
    const [first, second, ...more] = await ticketsFor(args, this.#store, choice);
    if (first === undefined) return;
    if (more.length > 0) throw new Refusal(vscode.l10n.t('Two images can be compared, not more.'));
    const label = `${applianceLabel(first)} · ${first.targetFormat}`;
    const other =
      second ??
      (await ticketFor(undefined, this.#store, {
        ...choice,
        placeHolder: vscode.l10n.t('Image to compare {0} with', label),
        fits: (ticket) => choice.fits(ticket) && ticketKey(ticket) !== ticketKey(first),
      }));
    if (other !== undefined) await this.#compare(first, other);
  }

  /** The older one on the left. */
  async #compare(a: Ticket, b: Ticket): Promise<void> {
    const [older, newer] = a.created <= b.created ? [a, b] : [b, a];
    const name = (ticket: Ticket): string =>
      `${applianceLabel(ticket)} ${ticket.targetFormat} ${ticket.itid}`;
    const title = vscode.l10n.t('Packages: {0} ↔ {1}', name(older), name(newer));
    await vscode.commands.executeCommand('vscode.diff', uriOf(older), uriOf(newer), title, { preview: true });
  }

  /** The packages as the server says (`machineImagePkg_getAll`). */
  async read(ticket: Ticket, signal?: AbortSignal): Promise<readonly ImagePkg[]> {
    const client = await this.#servers.client(ticket.server, signal);
    return (await client.machineImagePkg_getAll(imageIds(ticket), { signal })).imagePkgs;
  }

  /** What packages recommend and the image has not: its log says so, where the server keeps one. */
  async #leftOut(ticket: Ticket): Promise<readonly string[]> {
    const client = await this.#servers.client(ticket.server);
    const log = await client.imageLog(imageIds(ticket)).catch(() => undefined);
    return leftOutIn(log ?? '');
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const ticket = this.#store.ofKey(uri.query);
    if (ticket === undefined) return vscode.l10n.t('This image has been deleted.');
    try {
      const { listedPackages, packageText } = await import('../../../generate/packages/packageList.ts');
      const [packages, names] = await Promise.all([this.read(ticket), this.#leftOut(ticket)]);
      const title = vscode.l10n.t('Recommended and left out:');
      const text = packageText(listedPackages(packages), { title, names });
      return text === '' ? vscode.l10n.t('The server names no packages for this image.') : visibleText(text);
    } catch (error) {
      return vscode.l10n.t('The packages can not be read: {0}', messageOf(error));
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
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

function uriOf(ticket: Ticket): vscode.Uri {
  const title = `${ticket.applianceName} ${ticket.applianceVersion} ${ticket.targetFormat} ${ticket.itid} packages`;
  return vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '_')}`, query: ticketKey(ticket) });
}

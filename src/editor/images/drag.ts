import * as vscode from 'vscode';
import type { Ticket } from '../../tickets/ticket.ts';
import type { ImageNode } from './nodes.ts';

const uriList = 'text/uri-list';

/** The address of a finished file on its server, without a key: whoever opens it signs in there. */
export function linkOf({ uri, fileName = '' }: Ticket, baseUrl: URL): string {
  return new URL(`${uri}/downloads/${encodeURIComponent(fileName)}`, baseUrl).href;
}

/**
 * Drags finished images to the Explorer or an editor. The file is downloaded (and verified) into the download folder
 * when it is dropped, and what is dropped is that file.
 */
export class ImageDrag implements vscode.TreeDragAndDropController<ImageNode> {
  readonly dragMimeTypes = [uriList];
  readonly dropMimeTypes = [];
  readonly #download: (ticket: Ticket) => Promise<string | undefined>;

  constructor(download: (ticket: Ticket) => Promise<string | undefined>) {
    this.#download = download;
  }

  handleDrag(source: readonly ImageNode[], data: vscode.DataTransfer): void {
    const tickets = source.flatMap((node) =>
      node.kind === 'ticket' && node.ticket.downloadable ? [node.ticket] : [],
    );
    if (tickets.length === 0) return;
    data.set(uriList, new FilesOnDrop(tickets, this.#download));
  }
}

/** A list of files that are fetched when somebody asks for it: a drag that is let go of downloads nothing. */
class FilesOnDrop extends vscode.DataTransferItem {
  readonly #tickets: readonly Ticket[];
  readonly #download: (ticket: Ticket) => Promise<string | undefined>;

  constructor(tickets: readonly Ticket[], download: (ticket: Ticket) => Promise<string | undefined>) {
    super('');
    this.#tickets = tickets;
    this.#download = download;
  }

  override async asString(): Promise<string> {
    const uris: string[] = [];
    for (const ticket of this.#tickets) {
      const path = await this.#download(ticket);
      if (path !== undefined) uris.push(vscode.Uri.file(path).toString());
    }
    return uris.join('\r\n');
  }
}

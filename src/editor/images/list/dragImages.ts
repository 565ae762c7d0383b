import * as vscode from 'vscode';
import type { Ticket } from '../../../tickets/ticket.ts';
import { imageFileUri } from './draggedFiles.ts';
import type { ImageNode } from './nodes.ts';

const uriList = 'text/uri-list';

/** The address of a finished file on its server, without a key: whoever opens it signs in there. */
export function linkOf({ uri, fileName = '' }: Ticket, baseUrl: URL): string {
  return new URL(`${uri}/downloads/${encodeURIComponent(fileName)}`, baseUrl).href;
}

/**
 * Drags finished images to the Explorer. VS Code asks what is dragged as soon as the drag begins, so it gets addresses;
 * the file behind one is downloaded when it is dropped (`ImageFiles`).
 */
export class ImageDrag implements vscode.TreeDragAndDropController<ImageNode> {
  readonly dragMimeTypes = [uriList];
  readonly dropMimeTypes = [];

  handleDrag(source: readonly ImageNode[], data: vscode.DataTransfer): void {
    const tickets = source.flatMap((node) =>
      node.kind === 'ticket' && node.ticket.downloadable ? [node.ticket] : [],
    );
    if (tickets.length === 0) return;
    const list = tickets.map((ticket) => imageFileUri(ticket).toString()).join('\r\n');
    data.set(uriList, new vscode.DataTransferItem(list));
  }
}

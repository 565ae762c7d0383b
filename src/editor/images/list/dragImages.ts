import * as vscode from 'vscode';
import { imageFileUri } from './draggedFiles.ts';
import type { ImageNode } from './nodes.ts';

const uriList = 'text/uri-list';

/**
 * Drags finished images to the Explorer. VS Code asks what is dragged as soon as the drag begins, so it gets
 * addresses; the file behind one is downloaded when it is dropped (`ImageFiles`).
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

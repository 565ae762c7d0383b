import * as vscode from 'vscode';
import type { TicketStore } from '../../../tickets/store.ts';
import { imagesViewId, type ImagesView } from './view.ts';

/** Opens the Images view; called from a notification, at the row of its ticket. */
export async function showImages(argument: unknown, store: TicketStore, view: ImagesView): Promise<void> {
  await vscode.commands.executeCommand(`${imagesViewId}.focus`);
  const { server, uri } = (argument ?? {}) as { readonly server?: unknown; readonly uri?: unknown };
  if (typeof server !== 'string' || typeof uri !== 'string') return;
  const ticket = store.get({ server, uri });
  if (ticket !== undefined) await view.reveal(ticket);
}

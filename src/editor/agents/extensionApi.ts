import * as vscode from 'vscode';
import type { AgentHost } from '../../agents/host.ts';
import type { TicketChange, TicketStore } from '../../tickets/store.ts';
import type { Ticket } from '../../tickets/ticket.ts';
import { assertOnDisk } from '../definitions/trust.ts';
import { abortOn } from '../progress.ts';

/** What other extensions get from `activate()`; docs/extension-api.md tells them how. */
export interface ApplianceForgeApi {
  /** Counts up when something here changes that callers can't overlook. */
  readonly apiVersion: 1;
  /** All tickets of all servers. */
  readonly tickets: Pick<TicketStore, 'all' | 'get' | 'onDidChange'>;
  /** Fires for every change of a ticket. */
  readonly onDidChangeTickets: vscode.Event<TicketChange>;
  /** Data folder of the local forge. */
  readonly forgeFolder: string;
  /**
   * Requests the image a definition describes and resolves with its ticket, at once. Asks nobody: an error is
   * a sentence that says what would be right.
   */
  generate(definition: vscode.Uri, options?: ApiGenerateOptions): Promise<Ticket>;
  /** Waits for a ticket's end, whatever that is; `undefined` when it has been deleted. */
  follow(ticket: Ticket, token?: vscode.CancellationToken): Promise<Ticket | undefined>;
  /** Stops a generation. */
  cancel(ticket: Ticket): Promise<Ticket | undefined>;
}

interface ApiGenerateOptions {
  /** Name of a target format: chooses a template's builder, overrides a request's. */
  readonly targetFormat?: string;
  /** An appliance of that name and version that was not pushed from here may be replaced. */
  readonly replace?: boolean;
}

/** The API over the objects of this window. */
export function createApi(host: AgentHost, forgeFolder: string): ApplianceForgeApi {
  const { store, service } = host;
  return {
    apiVersion: 1,
    tickets: store,
    forgeFolder,
    onDidChangeTickets(listener, thisArgument, disposables) {
      const subscription = store.onDidChange((change) => void listener.call(thisArgument, change));
      const disposable = new vscode.Disposable(() => subscription[Symbol.dispose]());
      disposables?.push(disposable);
      return disposable;
    },
    async generate(definition, { targetFormat: format, replace } = {}) {
      const { requestImage } = await import('../../generate/unattended.ts');
      assertOnDisk(definition);
      return requestImage(host, definition.fsPath, { format, replace });
    },
    async follow(ticket, token) {
      const { untilFinal } = await import('../../tickets/untilFinal.ts');
      if (token === undefined) return untilFinal(ticket, store, new AbortController().signal);
      using cancellation = abortOn(token);
      return await untilFinal(ticket, store, cancellation.signal);
    },
    cancel: (ticket) => service.cancel(ticket),
  };
}

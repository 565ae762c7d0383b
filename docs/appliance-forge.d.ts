// The types of Appliance Forge's API. Copy this file into your extension; docs/extension-api.md tells how to use it.
import type { CancellationToken, Event, Uri } from 'vscode';

export interface ApplianceForge {
  /** Counts up when something here changes that callers can't overlook. */
  readonly apiVersion: 1;
  readonly tickets: Tickets;
  /** Fires for every change of a ticket. */
  readonly onDidChangeTickets: Event<TicketChange>;
  /**
   * Requests the image a definition describes and resolves with its ticket, at once. Asks nobody: an error is a
   * sentence that says what would be right.
   */
  generate(definition: Uri, options?: GenerateOptions): Promise<Ticket>;
  /** Waits for a ticket's end, whatever that is; `undefined` when it has been deleted. */
  follow(ticket: Ticket, token?: CancellationToken): Promise<Ticket | undefined>;
  /** Stops a generation. */
  cancel(ticket: Ticket): Promise<Ticket | undefined>;
}

/** All tickets of all servers. */
export interface Tickets {
  all(): readonly Ticket[];
  /** The ticket as it is now. */
  get(id: Pick<Ticket, 'server' | 'uri'>): Ticket | undefined;
}

export interface GenerateOptions {
  /** Name of a target format: chooses a template's builder, overrides a request's. */
  readonly targetFormat?: string;
  /** An appliance of that name and version that was not pushed from here may be replaced. */
  readonly replace?: boolean;
}

export interface TicketChange {
  readonly added: readonly Ticket[];
  readonly changed: readonly Ticket[];
  readonly removed: readonly Ticket[];
}

/** An image being built or built. A record: every change makes a new one. Dates are ISO 8601, sizes bytes. */
export interface Ticket {
  /** Base URL of its server; with `uri` its identity. */
  readonly server: string;
  readonly uri: string;
  readonly uid: string;
  readonly aid: string;
  readonly itid: string;
  readonly applianceUri: string;
  readonly applianceName: string;
  readonly applianceVersion: string;
  readonly targetFormat: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** From 0 to 100. */
  readonly percentage: number;
  /** The server's words for the current stage. */
  readonly message: string;
  readonly errorMessage?: string;
  readonly detail?: string;
  readonly created: string;
  readonly changed: string;
  readonly finished?: string;
  readonly fileName?: string;
  readonly fileSize?: number;
  readonly downloadable: boolean;
  readonly simulated: boolean;
  /** URI of the file it was generated from. */
  readonly definition?: string;
}

import type { TicketState } from './state.ts';

/**
 * An image being built or built, with its status: a plain record that can be kept as JSON. Dates are ISO 8601
 * texts in UTC, sizes are bytes.
 */
export interface Ticket {
  /** Base URL of the server that holds it, without a trailing slash: `http://127.0.0.1:4242/api`. */
  readonly server: string;
  /** Login name on that server. */
  readonly uid: string;
  /** Relative URI on that server, the ticket's identity there: `users/ann/appliances/7/images/12`. */
  readonly uri: string;
  /** Ids of the appliance and of the image: texts, for they may exceed 2^53. */
  readonly aid: string;
  readonly itid: string;

  readonly applianceUri: string;
  readonly applianceName: string;
  readonly applianceVersion: string;
  /** The appliance's revision the image was made from. */
  readonly revision?: number;
  /** Name of the target format: `VirtualBox`. */
  readonly targetFormat: string;

  readonly state: TicketState;
  /** From 0 to 100. */
  readonly percentage: number;
  /** The server's words for the current stage. */
  readonly message: string;
  /** Why it failed: a sentence, and the raw detail behind it. */
  readonly errorMessage?: string;
  readonly detail?: string;

  /** The stages as they were seen, each with the time it began. Unchanged, it is the same array. */
  readonly stages?: readonly TicketStage[];

  readonly created: string;
  /** When the status last said something new. */
  readonly changed: string;
  readonly finished?: string;
  /** When the server expects it to be finished. */
  readonly eta?: string;

  readonly fileName?: string;
  readonly fileSize?: number;
  /** Done, compressed and not a simulation: there is a file to download. */
  readonly downloadable: boolean;
  /** Only the dependencies were checked; there is no image. */
  readonly simulated: boolean;
  /** What this person has asked for and its server has not answered yet. */
  readonly pending?: 'cancel' | 'delete' | 'regenerate';
  /** URI of the file it was generated from, on the computer that asked for it. */
  readonly definition?: string;
}

/** A stage of a generation: the server's words without what it is at, `Fetching packages`. */
export interface TicketStage {
  readonly name: string;
  readonly at: string;
}

/** The ticket once what was asked for has been answered: the very same object when nothing was. */
export function withoutPending(ticket: Ticket): Ticket {
  if (ticket.pending === undefined) return ticket;
  const left = Object.entries(ticket).filter(([name]) => name !== 'pending');
  return Object.fromEntries(left) as unknown as Ticket;
}

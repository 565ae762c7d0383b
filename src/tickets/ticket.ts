import { parseLong } from '../uforge/uris.ts';
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
  /** Done, no simulation, and compressed or offered all the same: there is a file to download. */
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

/** What tells a ticket among those of all servers. */
export type TicketId = Pick<Ticket, 'server' | 'uri'>;

export function ticketKey({ server, uri }: TicketId): string {
  return `${server}/${uri}`;
}

/** `name version`, as the appliance is called in every message. */
export function applianceLabel({ applianceName, applianceVersion }: Ticket): string {
  return `${applianceName} ${applianceVersion}`.trim();
}

/** What the operations of an image take. */
export function imageIds({ aid, itid }: Ticket) {
  return { aid: parseLong(aid), itid: parseLong(itid) };
}

/** The ticket once what was asked for has been answered: the very same object when nothing was. */
export function withoutPending(ticket: Ticket): Ticket {
  return ticket.pending === undefined ? ticket : present({ ...ticket, pending: undefined });
}

/** Without what is there and says nothing: a ticket is kept as JSON. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

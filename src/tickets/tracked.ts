import type { TicketState } from './state.ts';

/**
 * What a server works at until it ends: an image, a publication, a deployment. A plain record that can be kept
 * as JSON. Dates are ISO 8601 texts in UTC.
 */
export interface Tracked {
  /** Base URL of the server that holds it, without a trailing slash: `http://127.0.0.1:4242/api`. */
  readonly server: string;
  /** Login name on that server. */
  readonly uid: string;
  /** Relative URI on that server, its identity there: `users/ann/appliances/7/images/12`. */
  readonly uri: string;

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
  /** What this person has asked for and its server has not answered yet. */
  readonly pending?: string;
}

/** A stage of what a server does: the server's words without what it is at, `Fetching packages`. */
export interface TicketStage {
  readonly name: string;
  readonly at: string;
}

/** What tells one among those of all servers. */
export type TrackedId = Pick<Tracked, 'server' | 'uri'>;

export function keyOf({ server, uri }: TrackedId): string {
  return `${server}/${uri}`;
}

/** The record once what was asked for has been answered: the very same object when nothing was. */
export function withoutPending<T extends Tracked>(record: T): T {
  return record.pending === undefined ? record : present({ ...record, pending: undefined });
}

/** Without what is there and says nothing: a record is kept as JSON. */
export function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

import type { UForgeClient } from '../uforge/client/client.ts';
import type { OpStatus, OpStatuses } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { parseImageUri, parseLong } from '../uforge/uris.ts';
import { withImage, withStatus } from './fromServer.ts';
import { isFinal } from './state.ts';
import type { TicketId } from './store.ts';
import type { Ticket } from './ticket.ts';

/** How tickets reach their server. The promise may take a sign-in, or the start of the local forge. */
export type Clients = (server: string, signal?: AbortSignal) => Promise<UForgeClient>;

/** What a look at a server found: what to put into the store and what to forget. */
export interface Found {
  readonly put: readonly Ticket[];
  readonly remove: readonly TicketId[];
}

/** Longest silence of a server that is being watched: a half-open connection after sleep must not last. */
export const watchTimeoutMs = 20_000;

/** How long a server may hold a look until there is news: below what proxies on the way put up with. */
export const holdSeconds = 20;

/** Whoever looks keeps the last answer: the client gives the identical object when nothing has changed. */
export interface LastAnswer {
  statuses?: OpStatuses;
}

/**
 * Looks at running tickets of one server: one conditional request for all (`userMachineImageStatus_get`), and
 * one more for each that has ended or is missing in the answer.
 * @returns `undefined` when nothing has changed
 */
export async function lookAtRunning(
  client: UForgeClient,
  tickets: readonly Ticket[],
  last: LastAnswer,
  now: () => number,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const options = {
    signal,
    timeoutMs: watchTimeoutMs + holdSeconds * 1000,
    waitSeconds: holdSeconds,
    attempts: 1,
  };
  let statuses: OpStatuses | undefined;
  try {
    statuses = await client.userMachineImageStatus_get({ img: tickets.map(({ uri }) => uri) }, options);
  } catch (error) {
    // One ticket that is gone may spoil the answer for all: then each is asked for by itself.
    if (!(error instanceof UForgeError) || !['notFound', 'invalid'].includes(error.kind)) throw error;
  }
  if (statuses !== undefined && statuses === last.statuses) return undefined;
  const byUri = statusesByTicket(statuses?.statuses ?? []);
  const put: Ticket[] = [];
  const remove: TicketId[] = [];
  for (const ticket of tickets) {
    const status = byUri.get(idOf(ticket.uri));
    const seen = status && withStatus(ticket, status, now());
    if (seen !== undefined && !isFinal(seen.state)) put.push(seen);
    else {
      const settled = await settle(client, ticket, now, signal);
      if (settled === undefined) remove.push(ticket);
      else put.push(settled);
    }
  }
  // Only now: a look that failed half-way has to see the same answer as news again.
  if (statuses === undefined) delete last.statuses;
  else last.statuses = statuses;
  return { put, remove };
}

/** The ticket with all its server says of it, `undefined` when the server has it no more. */
export async function settle(
  client: UForgeClient,
  ticket: Ticket,
  now: () => number,
  signal?: AbortSignal,
): Promise<Ticket | undefined> {
  const ids = { aid: parseLong(ticket.aid), itid: parseLong(ticket.itid) };
  try {
    const options = { signal, timeoutMs: watchTimeoutMs, fresh: true };
    const image = await client.machineImage_get(ids, options);
    const status = image.status ?? (await client.machineImageStatus_get(ids, options));
    return withImage(withStatus(ticket, status, now()), image);
  } catch (error) {
    if (error instanceof UForgeError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

/** Statuses by `APPLIANCE/IMAGE`: their `parentUri` names the ticket, or their own `uri` lies below it. */
export function statusesByTicket(statuses: readonly OpStatus[]): ReadonlyMap<string, OpStatus> {
  return new Map(
    statuses.flatMap((status) => {
      const id = idOf(status.parentUri ?? '') || idOf(status.uri ?? '');
      return id === '' ? [] : [[id, status] as const];
    }),
  );
}

/** `APPLIANCE/IMAGE` of a ticket's URI: servers may write the rest of it in more than one way. */
export function idOf(uri: string): string {
  const ids = parseImageUri(uri);
  return ids === undefined ? '' : `${ids.aid}/${ids.itid}`;
}

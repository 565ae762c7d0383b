import type { UForgeClient } from '../uforge/client/client.ts';
import type { OpStatuses } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { fetchTicket, imageIdOf, requestTimeoutMs, statusesByTicket } from './fetchTicket.ts';
import { withStatus } from './fromServer.ts';
import { isFinal } from './state.ts';
import type { TicketUpdate } from './store.ts';
import type { Ticket, TicketId } from './ticket.ts';

/** How long a server may hold a request until there is news: below what proxies on the way put up with. */
export const holdSeconds = 20;

/** Whoever asks keeps the last answer: the client gives the identical object when nothing has changed. */
export interface LastAnswer {
  statuses?: OpStatuses;
}

/**
 * Asks for the running tickets of one server: one conditional request for all (`userMachineImageStatus_get`),
 * and one more for each that has ended or is missing in the answer.
 * @returns `undefined` when nothing has changed
 */
export async function fetchRunning(
  client: UForgeClient,
  tickets: readonly Ticket[],
  last: LastAnswer,
  now: () => number,
  signal: AbortSignal,
): Promise<TicketUpdate | undefined> {
  const options = {
    signal,
    timeoutMs: requestTimeoutMs + holdSeconds * 1000,
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
    const status = byUri.get(imageIdOf(ticket.uri));
    const seen = status && withStatus(ticket, status, now());
    if (seen !== undefined && !isFinal(seen.state)) put.push(seen);
    else {
      const settled = await fetchTicket(client, ticket, now, signal);
      if (settled === undefined) remove.push(ticket);
      else put.push(settled);
    }
  }
  // Only now: a try that failed half-way has to see the same answer as news again.
  if (statuses === undefined) delete last.statuses;
  else last.statuses = statuses;
  return { put, remove };
}

import type { UForgeClient } from '../uforge/client/client.ts';
import type { OpStatus } from '../uforge/dto.ts';
import { UForgeError } from '../uforge/errors.ts';
import { parseImageUri } from '../uforge/uris.ts';
import { withImage, withStatus } from './fromServer.ts';
import { imageIds, type Ticket } from './ticket.ts';

/** Longest silence of a server that is being watched: a half-open connection after sleep must not last. */
export const requestTimeoutMs = 20_000;

/** The ticket with all its server says of it, `undefined` when the server has it no more. */
export async function fetchTicket(
  client: UForgeClient,
  ticket: Ticket,
  now: () => number,
  signal?: AbortSignal,
): Promise<Ticket | undefined> {
  const ids = imageIds(ticket);
  try {
    const options = { signal, timeoutMs: requestTimeoutMs, fresh: true };
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
      const id = imageIdOf(status.parentUri ?? '') || imageIdOf(status.uri ?? '');
      return id === '' ? [] : [[id, status] as const];
    }),
  );
}

/** `APPLIANCE/IMAGE` of a ticket's URI: servers may write the rest of it in more than one way. */
export function imageIdOf(uri: string): string {
  const ids = parseImageUri(uri);
  return ids === undefined ? '' : `${ids.aid}/${ids.itid}`;
}

import type { UForgeClient } from '../uforge/client/client.ts';
import { UForgeError } from '../uforge/errors.ts';
import { parseImageUri } from '../uforge/uris.ts';
import { withImage, withStatus } from './fromServer.ts';
import { requestTimeoutMs, type Kind } from './kind.ts';
import { imageIds, type Ticket } from './ticket.ts';

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

/** `APPLIANCE/IMAGE` of a ticket's URI: servers may write the rest of it in more than one way. */
export function imageIdOf(uri: string): string {
  const ids = parseImageUri(uri);
  return ids === undefined ? '' : `${ids.aid}/${ids.itid}`;
}

export const images: Kind<Ticket> = {
  name: 'images',
  statuses: async (client, tickets, options) => {
    const answer = await client.userMachineImageStatus_get({ img: tickets.map(({ uri }) => uri) }, options);
    return { answer, statuses: answer.statuses };
  },
  idOf: imageIdOf,
  fetch: fetchTicket,
};

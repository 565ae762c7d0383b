import type { UForgeClient } from '../uforge/client/client.ts';
import type { Appliance } from '../uforge/dto.ts';
import { parseApplianceUri, parseLong } from '../uforge/uris.ts';
import { idOf, settle, statusesByTicket, type Found } from './fetchRunning.ts';
import { ticketFromImage, withStatus } from './fromServer.ts';
import { isFinal } from './state.ts';
import type { Ticket } from './ticket.ts';

/**
 * Compares what is known of a server with all it has: one request for the statuses of all images
 * (`userMachineImageStatus_get`), and only for appliances with images nobody knew one more each
 * (`machineImage_getAll`).
 */
export async function lookAtAll(
  client: UForgeClient,
  server: string,
  known: readonly Ticket[],
  now: () => number,
  signal?: AbortSignal,
): Promise<Found> {
  const { statuses } = await client.userMachineImageStatus_get({}, { signal });
  const byId = statusesByTicket(statuses);
  const put: Ticket[] = [];
  for (const ticket of known) {
    const status = byId.get(idOf(ticket.uri));
    if (status === undefined) continue;
    const seen = withStatus(ticket, status, now());
    const ended = isFinal(seen.state) && seen.state !== ticket.state;
    const current = ended ? await settle(client, ticket, now, signal) : seen;
    if (current !== undefined) put.push(current);
  }
  const knownIds = new Set(known.map(({ uri }) => idOf(uri)));
  const newIds = [...byId.keys()].filter((id) => !knownIds.has(id));
  put.push(...(await fetchNew(client, server, newIds, now, signal)));
  return { put, remove: known.filter(({ uri }) => !byId.has(idOf(uri))) };
}

async function fetchNew(
  client: UForgeClient,
  server: string,
  ids: readonly string[],
  now: () => number,
  signal: AbortSignal | undefined,
): Promise<Ticket[]> {
  if (ids.length === 0) return [];
  const wanted = new Set(ids);
  const { appliances } = await client.appliance_getAll({}, { signal });
  const byAid = new Map(appliances.map((appliance) => [aidOf(appliance), appliance]));
  const tickets: Ticket[] = [];
  for (const aid of new Set(ids.map((id) => id.split('/')[0] ?? ''))) {
    const { uri = '', name = '', version = '' } = byAid.get(aid) ?? {};
    const { images } = await client.machineImage_getAll({ aid: parseLong(aid) }, { signal });
    const context = { server, uid: client.uid, appliance: { uri, name, version }, now: now() };
    const made = images.map((image) => ticketFromImage(image, context));
    tickets.push(
      ...made.filter((ticket) => ticket !== undefined && wanted.has(idOf(ticket.uri))).filter(isTicket),
    );
  }
  return tickets;
}

function isTicket(ticket: Ticket | undefined): ticket is Ticket {
  return ticket !== undefined;
}

function aidOf({ uri, dbId }: Appliance): string {
  const aid = parseApplianceUri(uri ?? '')?.aid ?? dbId;
  return aid === undefined ? '' : String(aid);
}

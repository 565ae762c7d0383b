import type { UForgeClient } from '../uforge/client/client.ts';
import type { Appliance } from '../uforge/dto.ts';
import { parseApplianceUri, parseLong } from '../uforge/uris.ts';
import { fetchTicket, imageIdOf } from './fetchTicket.ts';
import { ticketFromImage, withStatus } from './fromServer.ts';
import { statusesById } from './kind.ts';
import { isFinal } from './state.ts';
import type { Ticket } from './ticket.ts';
import type { Update } from './trackedStore.ts';

/**
 * Compares what is known of a server with all it has: one request for the statuses of all images
 * (`userMachineImageStatus_get`), and only for appliances with images nobody knew one more each
 * (`machineImage_getAll`).
 */
export async function fetchAll(
  client: UForgeClient,
  server: string,
  known: readonly Ticket[],
  now: () => number,
  signal?: AbortSignal,
): Promise<Update<Ticket>> {
  const { statuses } = await client.userMachineImageStatus_get({}, { signal });
  const byId = statusesById(statuses, imageIdOf);
  const put: Ticket[] = [];
  for (const ticket of known) {
    const status = byId.get(imageIdOf(ticket.uri));
    if (status === undefined) continue;
    const seen = withStatus(ticket, status, now());
    const ended = isFinal(seen.state) && seen.state !== ticket.state;
    const current = ended ? await fetchTicket(client, ticket, now, signal) : seen;
    if (current !== undefined) put.push(current);
  }
  const knownIds = new Set(known.map(({ uri }) => imageIdOf(uri)));
  const newIds = [...byId.keys()].filter((id) => !knownIds.has(id));
  put.push(...(await fetchNew(client, server, newIds, now, signal)));
  return { put, remove: known.filter(({ uri }) => !byId.has(imageIdOf(uri))) };
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
    const made = images.flatMap((image) => ticketFromImage(image, context) ?? []);
    tickets.push(...made.filter(({ uri: image }) => wanted.has(imageIdOf(image))));
  }
  return tickets;
}

function aidOf({ uri, dbId }: Appliance): string {
  const aid = parseApplianceUri(uri ?? '')?.aid ?? dbId;
  return aid === undefined ? '' : String(aid);
}

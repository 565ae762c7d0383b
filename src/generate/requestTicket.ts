import type { TemplateArchive } from '../appliance/archive/archive.ts';
import { pushTemplate, type PushMemory, type PushProgress } from '../appliance/archive/push.ts';
import { knownTargetFormat, withTargetFormat } from '../appliance/request/fromTemplate.ts';
import type { Clients } from '../tickets/clients.ts';
import type { TicketService } from '../tickets/service.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { UForgeClient } from '../uforge/client/client.ts';
import type { Clock } from '../uforge/clock.ts';
import type { Appliance, Image } from '../uforge/dto.ts';
import type { Request } from './request.ts';

/** What it takes to ask for an image; an agent's host has it all. */
export interface RequestHost {
  readonly clients: Clients;
  readonly service: TicketService;
  readonly memory: PushMemory;
  readonly clock: Clock;
}

export interface RequestTicketOptions {
  readonly host: RequestHost;
  /** As tickets carry it. */
  readonly server: string;
  readonly signal?: AbortSignal | undefined;
  /** URI of the file the request comes from; the ticket keeps it. */
  readonly definition?: string;
  /** Asked before an appliance is replaced that was not pushed from here. */
  readonly mayReplace: (existing: Appliance) => boolean | Promise<boolean>;
  readonly onProgress?: (progress: PushProgress) => void;
  /** The template is on the server now: `imported` unless it was there already. */
  readonly onPushed?: (archive: TemplateArchive, imported: boolean) => void;
}

/**
 * From a request to a ticket, with nobody to ask: the target format is checked, the template is pushed when the
 * server lacks it or it has changed, and the image is asked for.
 * @throws {BuilderChoiceError} for a target format the server does not have, {PushConflict}, {UForgeError}
 */
export async function requestTicket(request: Request, options: RequestTicketOptions): Promise<Ticket> {
  const { host, server, definition, signal } = options;
  const client = await host.clients(server, signal);
  const image = await checkTargetFormat(client, request.image, signal);
  const applianceUri = await applianceOf(request, client, options);
  return host.service.generate({
    server,
    applianceUri,
    image,
    ...(definition !== undefined && { definition }),
    ...(signal && { signal }),
  });
}

/** Refuses a target format the server does not have before anything is pushed, and spells it as the server does. */
async function checkTargetFormat(
  client: UForgeClient,
  image: Image,
  signal: AbortSignal | undefined,
): Promise<Image> {
  const { targetFormats } = await client.userTargetFormat_getAll({}, { signal });
  const names = targetFormats.filter(({ active }) => active !== false).map(({ name }) => name ?? '');
  const asked = image.targetFormat?.name ?? '';
  const name = knownTargetFormat(asked, names);
  return name === asked ? image : withTargetFormat(image, name);
}

async function applianceOf(
  { appliance }: Request,
  client: UForgeClient,
  { host, server, signal, mayReplace, onProgress, onPushed }: RequestTicketOptions,
): Promise<string> {
  if ('uri' in appliance) return appliance.uri;
  const { archive } = appliance;
  const { applianceUri, imported } = await pushTemplate({
    client,
    server,
    archive,
    memory: host.memory,
    clock: host.clock,
    mayReplace,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  onPushed?.(archive, imported);
  return applianceUri;
}

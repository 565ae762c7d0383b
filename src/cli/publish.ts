import { resolve } from 'node:path';
import { readTemplate } from '../appliance/archive/packTemplate.ts';
import { definitionKindByExtension } from '../appliance/find/definitions.ts';
import { readDefinition } from '../appliance/find/readRegularFile.ts';
import { requestFromTemplate } from '../appliance/request/fromTemplate.ts';
import { parseRepresentation } from '../appliance/request/representation.ts';
import { DefinitionError } from '../appliance/text/definitionError.ts';
import { platformOf } from '../appliance/catalog/platformOf.ts';
import { exitCodes } from '../generate/exitCodes.ts';
import { InputError } from '../generate/inputError.ts';
import { publishWished, type PublishWish } from '../generate/publishUnattended.ts';
import { isBuiltForDownload } from '../generate/publishRequest.ts';
import { publications as kind } from '../tickets/fetchPublication.ts';
import type { Publication } from '../tickets/publication.ts';
import { applianceLabel, type Ticket } from '../tickets/ticket.ts';
import type { PublishImage } from '../uforge/dto.ts';
import { parseImageUri } from '../uforge/uris.ts';
import type { PublishArguments } from './arguments.ts';
import { openServer } from './connect.ts';
import type { Environment } from './environment.ts';
import { Failure } from './failure.ts';
import { follow } from './follow.ts';
import { processHost } from './processHost.ts';
import type { Reporter } from './reporter.ts';
import { messageOf } from '../uforge/messageOf.ts';

/**
 * From a finished image to its name at a platform.
 * @throws whatever kept it from that; `failureFrom` knows what it means
 */
export async function publish(
  args: PublishArguments,
  environment: Environment,
  reporter: Reporter,
): Promise<void> {
  const { clock, signal } = environment;
  await using server = await openServer(args, environment, clock);
  const host = processHost(server, environment);
  using tickets = host.store;
  using store = host.publications;
  const found = await read(args);
  await host.service.refresh(server.name, signal);
  const ticket = ticketOf(found, tickets.all());
  const client = await server.clients(server.name, signal);
  const request = await publishWished(
    client,
    ticket,
    { ...found, values: args.values, account: args.account },
    signal,
  );
  const made = await host.publishing.publish(ticket, request, signal);
  reporter.note(`Publication ${made.uri}`);
  const ended = await follow(kind, made, store, server, reporter, clock, signal).catch(
    async (error: unknown) => {
      if (!signal.aborted) throw error;
      reporter.note('Cancelling on the server.');
      throw await cancelled(made, () => host.publishing.cancel(made, AbortSignal.timeout(60_000)));
    },
  );
  if (ended?.state !== 'done') throw failure(made, ended);
  const { uri, cloudId = '', location } = ended;
  reporter.ended(cloudId, { publication: uri, cloudId, ...(location !== undefined && { location }) });
}

/** Which image is meant, and what is known of its publication. */
interface Found extends PublishWish {
  readonly image?: { readonly aid: string; readonly itid: string };
  /** `name version` of a template's appliance, and the target format. */
  readonly appliance?: string;
  readonly format?: string;
}

async function read({ what, format }: PublishArguments): Promise<Found> {
  const direct = imageIn(what);
  if (direct !== undefined) return { image: direct };
  const file = resolve(what);
  const type = definitionKindByExtension(file);
  if (type === undefined) {
    throw new InputError(`${what} is neither the URI of an image nor a request (.xml) nor a template.`);
  }
  const text = await readDefinition(file);
  if (type === 'representation') return readRequest(file, text);
  const { template } = readTemplate(file, text).parsed;
  const targetFormat = format ?? requestFromTemplate(template).targetFormat?.name ?? '';
  return {
    appliance: `${template.stack.name} ${template.stack.version}`,
    format: targetFormat,
    builder: template.builders?.find(({ type: each }) => each === targetFormat),
  };
}

function readRequest(file: string, text: string): Found {
  const { root, dto, findings } = parseRepresentation(text);
  if (root !== 'publishImage') throw new InputError(`${file} holds no “publishImage”.`);
  if (dto === undefined) throw new DefinitionError(file, findings);
  const request: PublishImage = dto;
  const image = imageIn(request.imageUri ?? '');
  if (image === undefined) throw new InputError(`${file} does not say which image: add <imageUri>.`);
  return { request, image };
}

function imageIn(uri: string): Found['image'] {
  const ids = parseImageUri(uri);
  return ids && { aid: String(ids.aid), itid: String(ids.itid) };
}

/** The image that is named, else the newest finished one of the appliance that a platform takes. */
function ticketOf({ image, appliance, format }: Found, tickets: readonly Ticket[]): Ticket {
  const fitting = tickets.filter((each) =>
    image === undefined
      ? applianceLabel(each) === appliance &&
        each.targetFormat === format &&
        each.state === 'done' &&
        !each.simulated &&
        !isBuiltForDownload(each.targetFormat, { compress: each.downloadable })
      : each.aid === image.aid && each.itid === image.itid,
  );
  const [newest] = fitting.toSorted((a, b) => b.created.localeCompare(a.created));
  if (newest !== undefined) return newest;
  throw new InputError(
    image === undefined
      ? `There is no finished image of ${appliance ?? ''} for ${format ?? ''} that was built for publishing. Generate it.`
      : `There is no image ${image.itid} of appliance ${image.aid} on the server.`,
  );
}

async function cancelled(
  { uri }: Publication,
  cancel: () => Promise<Publication | undefined>,
): Promise<Failure> {
  const { interrupted } = exitCodes;
  try {
    const ended = await cancel();
    const outcome =
      ended === undefined || ended.state === 'cancelled' ? 'has been cancelled' : `ended as ${ended.state}`;
    return new Failure(interrupted, `Interrupted: the publication ${uri} ${outcome} on the server.`);
  } catch (error) {
    const why = messageOf(error);
    return new Failure(interrupted, `Interrupted, but the publication ${uri} could not be cancelled: ${why}`);
  }
}

function failure(made: Publication, ended: Publication | undefined): Failure {
  const what = `${applianceLabel(made)} at ${platformOf(made.type)}`;
  const { failed } = exitCodes;
  if (ended === undefined) return new Failure(failed, 'Somebody has deleted the publication on the server.');
  if (ended.state === 'cancelled') return new Failure(failed, `${what} was cancelled on the server.`);
  const why = ended.errorMessage ?? (ended.message || 'The server does not say why.');
  return new Failure(failed, `${what} failed: ${why}`, ended.detail ?? '');
}

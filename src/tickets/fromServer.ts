import type { Image, OpStatus } from '../uforge/dto.ts';
import { parseImageUri } from '../uforge/uris.ts';
import { isFinal, percentageOf, stateOf, type TicketState } from './state.ts';
import type { Ticket } from './ticket.ts';
import { present, type TicketStage, type Tracked } from './tracked.ts';

/** What a server's answer does not say about a ticket. */
export interface TicketContext {
  readonly server: string;
  readonly uid: string;
  readonly appliance: { readonly uri: string; readonly name: string; readonly version: string };
  readonly definition?: string | undefined;
  /** ms since 1970. */
  readonly now: number;
}

/** The ticket in an `image` of the server; `undefined` for one that is no appliance's (a scan's). */
export function ticketFromImage(image: Image, context: TicketContext): Ticket | undefined {
  const uri = image.uri?.replace(/^\/+/, '');
  const ids = uri === undefined ? undefined : parseImageUri(uri);
  if (uri === undefined || ids === undefined) return undefined;
  const { server, uid, appliance, definition, now } = context;
  const created = (image.created ?? image.status?.created ?? new Date(now)).toISOString();
  const bare: Ticket = {
    server,
    uid,
    uri,
    aid: String(ids.aid),
    itid: String(ids.itid),
    applianceUri: appliance.uri,
    applianceName: appliance.name,
    applianceVersion: appliance.version,
    targetFormat: image.targetFormat?.name ?? image.format?.name ?? '',
    state: 'waiting',
    percentage: 0,
    message: '',
    created,
    changed: created,
    downloadable: false,
    simulated: image.simulated === true,
    ...(image.revision !== undefined && { revision: image.revision }),
    ...(definition !== undefined && { definition }),
  };
  return withImage(withStatus(bare, image.status, now), image);
}

/** The record with its new status: the very same object when the status says nothing new. */
export function withStatus<T extends Tracked>(record: T, status: OpStatus | undefined, now: number): T {
  const state = stateOf(status);
  const finished = isFinal(state)
    ? (record.finished ?? iso(status?.lastModified ?? new Date(now)))
    : undefined;
  const said = {
    state,
    percentage: state === 'done' ? 100 : percentageOf(status),
    message: status?.message ?? '',
    errorMessage: nonEmpty(status?.errorMessage),
    // The text may be there without the flag, or the flag without the text.
    detail: nonEmpty(status?.detailedErrorMsg),
    eta: isFinal(state) ? undefined : status?.eta && iso(status.eta),
    finished,
  };
  const names = Object.keys(said) as (keyof typeof said)[];
  if (names.every((name) => record[name] === said[name])) return record;
  const stages = stagesAfter(record, said.message, state, now);
  return present({
    ...record,
    ...said,
    stages: stages.length > 0 ? stages : undefined,
    changed: iso(new Date(now)),
  });
}

/** `Fetching packages: nginx (3 of 40)` is the stage `Fetching packages`. */
export function stageOf(message: string): string {
  return message.split(': ', 1)[0] ?? message;
}

/** One more when the server has moved on to another. */
function stagesAfter(
  { stages = [] }: Tracked,
  message: string,
  state: TicketState,
  now: number,
): readonly TicketStage[] {
  const name = stageOf(message);
  if (isFinal(state) || name === '' || stages.at(-1)?.name === name) return stages;
  return [...stages, { name, at: iso(new Date(now)) }];
}

/** The ticket with what is known of its file. */
export function withImage(ticket: Ticket, image: Image): Ticket {
  const { fileName, fileSize, compress, downloadUri } = image;
  const isOffered = compress === true || downloadUri !== undefined;
  const downloadable = ticket.state === 'done' && isOffered && !ticket.simulated && fileName !== undefined;
  return {
    ...ticket,
    downloadable,
    ...(nonEmpty(fileName) !== undefined && { fileName: fileName ?? '' }),
    ...(fileSize !== undefined && { fileSize: Number(fileSize) }),
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function iso(date: Date): string {
  return date.toISOString();
}

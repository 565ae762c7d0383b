import { platformOf } from '../appliance/catalog/platformOf.ts';
import type { Problem } from '../appliance/text/problem.ts';
import { InputError } from '../generate/inputError.ts';
import type { Publication } from '../tickets/publication.ts';
import { applianceLabel, ticketKey, type Ticket } from '../tickets/ticket.ts';
import type { AgentHost } from './host.ts';
import type { ToolCall } from './tool.ts';

/**
 * The ticket an agent names, by its address or by the part of it after the server. One that is not known is
 * looked for on the server: it may be older than this process.
 * @throws a sentence when there is none, or more than one
 */
export async function ticketNamed(name: string, { host, signal }: ToolCall): Promise<Ticket> {
  const bare = name.trim().replace(/^\/+/, '');
  const find = (): readonly Ticket[] =>
    host.store.all().filter((ticket) => ticketKey(ticket) === bare || ticket.uri === bare);
  if (find().length === 0) await host.service.refresh(host.server(), signal);
  const fitting = find();
  const [ticket, another] = fitting;
  if (ticket === undefined) {
    throw new InputError(`There is no ticket “${name}”. list_images shows the tickets there are.`);
  }
  if (another !== undefined) {
    const names = fitting.map(ticketKey).join(', ');
    throw new InputError(`“${name}” is a ticket on several servers. Say which one: ${names}.`);
  }
  return ticket;
}

/** What an agent has to know of a ticket. Dates are ISO 8601, sizes bytes. */
export function ticketAnswer(ticket: Ticket, host: Pick<AgentHost, 'label'>): object {
  const { state, percentage, message, errorMessage, created, finished, eta, fileName, fileSize } = ticket;
  return {
    ticket: ticketKey(ticket),
    appliance: applianceLabel(ticket),
    target_format: ticket.targetFormat,
    server: host.label(ticket.server),
    state,
    percentage,
    ...(message !== '' && { stage: message }),
    ...(errorMessage !== undefined && { reason: errorMessage }),
    created,
    ...(finished !== undefined && { finished }),
    ...(eta !== undefined && { expected: eta }),
    ...(ticket.definition !== undefined && { definition: ticket.definition }),
    ...(fileName !== undefined && { file_name: fileName }),
    ...(fileSize !== undefined && { file_size: fileSize }),
    ...(state === 'done' && { downloadable: ticket.downloadable }),
    next: nextOf(ticket),
  };
}

function nextOf({ state, simulated, downloadable }: Ticket): string {
  switch (state) {
    case 'waiting':
    case 'running':
      return 'Call follow_image to wait for it, or cancel_image to stop it.';
    case 'failed':
      return 'Call explain_failure to learn why.';
    case 'cancelled':
      return 'Call generate_image to build it again.';
    case 'done':
      if (simulated) return 'Only the dependencies were checked; there is no image.';
      return downloadable
        ? 'The image is on the server and can be downloaded.'
        : 'The image is on the server; it was not requested for downloading.';
  }
}

/** What an agent has to know of a publication. */
export function publicationAnswer(publication: Publication, host: Pick<AgentHost, 'label'>): object {
  const { server, state, percentage, message, errorMessage, created, account, cloudId, location } =
    publication;
  return {
    publication: ticketKey(publication),
    appliance: applianceLabel(publication),
    target_format: publication.targetFormat,
    platform: platformOf(publication.type),
    ...(account !== '' && { account }),
    server: host.label(server),
    state,
    percentage,
    ...(message !== '' && { stage: message }),
    ...(errorMessage !== undefined && { reason: errorMessage }),
    created,
    ...(cloudId !== undefined && { cloud_id: cloudId }),
    ...(location !== undefined && { location }),
  };
}

/** A problem with its place counted from 1, as editors and compilers show it. */
export function problemAnswer({ message, severity, range, code, fixes = [] }: Problem): object {
  return {
    line: range.start.line + 1,
    column: range.start.character + 1,
    end_line: range.end.line + 1,
    end_column: range.end.character + 1,
    severity,
    code,
    message,
    ...(fixes.length > 0 && { fixes: fixes.map(({ title }) => title) }),
  };
}

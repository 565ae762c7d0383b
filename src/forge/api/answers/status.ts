import type { OpStatus } from '../../../uforge/dto.ts';
import type { ExportRecord } from '../../store/exportStore.ts';
import type { ImportRecord } from '../../store/importStore.ts';
import type { PublicationRecord } from '../../store/publicationStore.ts';
import type { TicketRecord } from '../../store/ticketStore.ts';
import type { Uris } from './uris.ts';

/** A ticket's `status`. */
export function statusOfTicket(ticket: TicketRecord, uris: Uris): OpStatus {
  return {
    ...statusAt(ticket, uris.image(ticket.applianceId, ticket.id)),
    ...(ticket.state === 'running' && ticket.eta !== undefined && { eta: ticket.eta }),
  };
}

/** An import's `status`: a failed import is an error here, in an answer that is a success. */
export function statusOfImport(record: ImportRecord, uris: Uris): OpStatus {
  return statusAt(record, uris.import(record.id));
}

/** An export's `status`. */
export function statusOfExport(record: ExportRecord, uris: Uris): OpStatus {
  return statusAt(record, uris.export(record.applianceId, record.id));
}

export function statusOfPublication(record: PublicationRecord, uris: Uris): OpStatus {
  return { ...statusAt(record, uris.publication(record)), published: record.state === 'done' };
}

/** What goes on for a while and ends in one of three ways. */
interface Followed {
  readonly id: number;
  readonly created: Date;
  readonly modified: Date;
  readonly state: string;
  readonly message: string;
  readonly errorMessage?: string | undefined;
  /** The raw detail of a failure. */
  readonly detail?: string | undefined;
  /** Nothing until it is done, where nobody knows better. */
  readonly percentage?: number;
  readonly bytesLoaded?: number | undefined;
  readonly bytesTotal?: number | undefined;
}

/** @param uri of what the status is about */
export function statusAt(record: Followed, uri: string): OpStatus {
  const { id, created, modified, state, message, errorMessage, detail, bytesLoaded, bytesTotal } = record;
  return {
    created,
    dbId: id,
    lastModified: modified,
    cancelled: state === 'cancelled',
    complete: state === 'done',
    error: state === 'failed',
    detailedError: detail !== undefined,
    ...(detail !== undefined && { detailedErrorMsg: detail }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(bytesLoaded !== undefined && { bytesLoaded }),
    ...(bytesTotal !== undefined && { bytesTotal }),
    message,
    parentUri: uri,
    percentage: record.percentage ?? (state === 'done' ? 100 : 0),
    uri: `${uri}/status`,
  };
}

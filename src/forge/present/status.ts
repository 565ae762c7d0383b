import type { OpStatus } from '../../uforge/dto.ts';
import type { ExportRecord } from '../store/exportStore.ts';
import type { ImportRecord } from '../store/importStore.ts';
import type { TicketRecord } from '../store/ticketStore.ts';
import type { Uris } from './uris.ts';

/** A ticket's `status`. */
export function statusOfTicket(ticket: TicketRecord, uris: Uris): OpStatus {
  return {
    created: ticket.created,
    dbId: ticket.id,
    lastModified: ticket.modified,
    ...(ticket.bytesLoaded !== undefined && { bytesLoaded: ticket.bytesLoaded }),
    ...(ticket.bytesTotal !== undefined && { bytesTotal: ticket.bytesTotal }),
    cancelled: ticket.state === 'cancelled',
    complete: ticket.state === 'done',
    error: ticket.state === 'failed',
    ...(ticket.state === 'running' && ticket.eta !== undefined && { eta: ticket.eta }),
    ...failure(ticket),
    message: ticket.message,
    parentUri: uris.image(ticket.applianceId, ticket.id),
    percentage: ticket.percentage,
    uri: uris.status(ticket.applianceId, ticket.id),
  };
}

/** An import's `status`: a failed import is an error here, in an answer that is a success. */
export function statusOfImport(record: ImportRecord, uris: Uris): OpStatus {
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    cancelled: false,
    complete: record.state === 'done',
    error: record.state === 'failed',
    ...failure(record),
    message: record.message,
    parentUri: uris.import(record.id),
    percentage: record.state === 'done' ? 100 : 0,
    uri: `${uris.import(record.id)}/status`,
  };
}

/** An export's `status`. */
export function statusOfExport(record: ExportRecord, uris: Uris): OpStatus {
  const uri = uris.export(record.applianceId, record.id);
  return {
    created: record.created,
    dbId: record.id,
    lastModified: record.modified,
    cancelled: record.state === 'cancelled',
    complete: record.state === 'done',
    error: record.state === 'failed',
    ...failure(record),
    message: record.message,
    parentUri: uri,
    percentage: record.state === 'done' ? 100 : 0,
    uri: `${uri}/status`,
  };
}

function failure(record: {
  readonly errorMessage: string | undefined;
  readonly detail?: string | undefined;
}): Pick<OpStatus, 'errorMessage' | 'detailedError' | 'detailedErrorMsg'> {
  return {
    detailedError: record.detail !== undefined,
    ...(record.detail !== undefined && { detailedErrorMsg: record.detail }),
    ...(record.errorMessage !== undefined && { errorMessage: record.errorMessage }),
  };
}

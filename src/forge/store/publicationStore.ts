import type { Clock } from '../../uforge/clock.ts';
import type { Published } from '../publishing/publisher.ts';
import { date, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';
import { shownPercentage, type TicketRecord } from './ticketStore.ts';

const columns = {
  id: integer,
  ownerId: integer,
  applianceId: integer,
  imageId: integer,
  revision: integer,
  targetFormat: text,
  /** As it was asked for: a JSON document with the root `publishImage`, without an account. */
  request: text,
  accountId: optional(integer),
  state: oneOf('running', 'done', 'failed', 'cancelled'),
  percentage: integer,
  message: text,
  errorMessage: optional(text),
  detail: optional(text),
  cloudId: optional(text),
  location: optional(text),
  created: date,
  modified: date,
};

/** An image registered, or being registered, at a target platform. It outlives its image. */
export type PublicationRecord = RowOf<typeof columns>;

/** What has ended stays as it ended. */
const ifRunning = { where: "state = 'running'" };

export class PublicationStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, 'publication', columns);
  }

  ofOwner(ownerId: number): PublicationRecord[] {
    return this.where('owner_id = ?', ownerId);
  }

  ofAppliance(applianceId: number): PublicationRecord[] {
    return this.where('appliance_id = ?', applianceId);
  }

  create(
    ownerId: number,
    { id: imageId, applianceId, revision, targetFormat }: TicketRecord,
    asked: Pick<PublicationRecord, 'request' | 'accountId'>,
  ): PublicationRecord {
    return this.insert({
      ...{ ownerId, applianceId, imageId, revision, targetFormat },
      ...asked,
      ...{ state: 'running', percentage: 0, message: 'Starting' },
    });
  }

  progress(id: number, percentage: number, message: string): void {
    this.update(id, { percentage: shownPercentage(this.get(id), percentage), message }, ifRunning);
  }

  finish(id: number, message: string, published: Published): void {
    this.update(id, { state: 'done', percentage: 100, message, ...published }, ifRunning);
  }

  fail(id: number, errorMessage: string, detail?: string): void {
    const message = 'The publication failed';
    this.update(id, { state: 'failed', message, errorMessage, detail }, ifRunning);
  }

  cancelled(id: number): void {
    this.update(id, { state: 'cancelled', message: 'Cancelled' }, ifRunning);
  }

  /** Publications a stopped forge left in the middle. */
  failUnfinished(errorMessage: string): void {
    for (const { id } of this.where(ifRunning.where)) this.fail(id, errorMessage);
  }
}

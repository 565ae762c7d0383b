import type { Clock } from '../../uforge/clock.ts';
import type { Published, Transferred } from '../publishing/publisher.ts';
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
  bytesLoaded: optional(integer),
  bytesTotal: optional(integer),
  /** What is half at the platform, in its publisher's words. */
  unfinished: optional(text),
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

/** Nothing is sent any more. */
const still = { bytesLoaded: undefined, bytesTotal: undefined };

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

  running(): PublicationRecord[] {
    return this.where(ifRunning.where);
  }

  /** The percentage is that of the bytes, where there are some. */
  progress(id: number, message: string, bytes?: Transferred): void {
    const share = bytes === undefined || bytes.total === 0 ? 0 : bytes.done / bytes.total;
    const percentage = shownPercentage(this.get(id), share * 100);
    this.update(id, { percentage, message, bytesLoaded: bytes?.done, bytesTotal: bytes?.total }, ifRunning);
  }

  unfinished(id: number, unfinished: string | undefined): void {
    this.update(id, { unfinished }, ifRunning);
  }

  finish(id: number, message: string, published: Published): void {
    const change = { state: 'done', percentage: 100, message, ...still, unfinished: undefined } as const;
    this.update(id, { ...change, ...published }, ifRunning);
  }

  fail(id: number, errorMessage: string, detail?: string): void {
    const message = 'The publication failed';
    this.update(id, { state: 'failed', message, errorMessage, detail, ...still }, ifRunning);
  }

  cancelled(id: number): void {
    this.update(id, { state: 'cancelled', message: 'Cancelled', ...still }, ifRunning);
  }
}

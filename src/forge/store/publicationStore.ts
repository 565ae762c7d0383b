import type { Clock } from '../../uforge/clock.ts';
import type { Published } from '../publishing/publisher.ts';
import type { Database } from './database.ts';
import { integer, optionalInteger, optionalText, text, type Row } from './columns.ts';
import type { TicketRecord } from './ticketStore.ts';

type PublicationState = 'running' | 'done' | 'failed' | 'cancelled';

/** An image registered, or being registered, at a target platform. It outlives its image. */
export interface PublicationRecord {
  readonly id: number;
  readonly ownerId: number;
  readonly applianceId: number;
  readonly imageId: number;
  readonly revision: number;
  readonly targetFormat: string;
  /** As it was asked for: a JSON document with the root `publishImage`, without an account. */
  readonly request: string;
  readonly accountId: number | undefined;
  readonly state: PublicationState;
  readonly percentage: number;
  readonly message: string;
  readonly errorMessage: string | undefined;
  readonly detail: string | undefined;
  readonly cloudId: string | undefined;
  readonly location: string | undefined;
  readonly created: Date;
  readonly modified: Date;
}

export class PublicationStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): PublicationRecord[] {
    return this.#all('owner_id = ?', ownerId);
  }

  ofAppliance(applianceId: number): PublicationRecord[] {
    return this.#all('appliance_id = ?', applianceId);
  }

  get(id: number): PublicationRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM publication WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  create(
    ownerId: number,
    ticket: TicketRecord,
    { request, accountId }: Pick<PublicationRecord, 'request' | 'accountId'>,
  ): PublicationRecord {
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO publication (owner_id, appliance_id, image_id, revision, target_format, request, account_id,
           state, percentage, message, created, modified)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'running', 0, 'Starting', ?, ?) RETURNING *`,
      )
      .get(
        ownerId,
        ticket.applianceId,
        ticket.id,
        ticket.revision,
        ticket.targetFormat,
        request,
        accountId ?? null,
        now,
        now,
      );
    if (row === undefined) throw new Error('SQLite did not return the publication it stored.');
    return toRecord(row);
  }

  progress(id: number, percentage: number, message: string): void {
    this.#database
      .prepare(
        `UPDATE publication SET percentage = max(percentage, ?), message = ?, modified = ?
         WHERE id = ? AND state = 'running'`,
      )
      .run(Math.min(99, Math.max(0, Math.floor(percentage))), message, this.#clock.now(), id);
  }

  finish(id: number, message: string, { cloudId, location }: Published): void {
    this.#database
      .prepare(
        `UPDATE publication SET state = 'done', percentage = 100, message = ?, cloud_id = ?, location = ?, modified = ?
         WHERE id = ? AND state = 'running'`,
      )
      .run(message, cloudId, location ?? null, this.#clock.now(), id);
  }

  fail(id: number, errorMessage: string, detail?: string): void {
    this.#database
      .prepare(
        `UPDATE publication SET state = 'failed', message = 'The publication failed', error_message = ?, detail = ?,
           modified = ? WHERE id = ? AND state = 'running'`,
      )
      .run(errorMessage, detail ?? null, this.#clock.now(), id);
  }

  cancelled(id: number): void {
    this.#database
      .prepare(
        `UPDATE publication SET state = 'cancelled', message = 'Cancelled', modified = ?
         WHERE id = ? AND state = 'running'`,
      )
      .run(this.#clock.now(), id);
  }

  /** Publications a stopped forge left in the middle. */
  failUnfinished(errorMessage: string): void {
    for (const { id } of this.#all('state = ?', 'running')) this.fail(id, errorMessage);
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM publication WHERE id = ?').run(id);
  }

  #all(where: string, value: number | string): PublicationRecord[] {
    return this.#database
      .prepare(`SELECT * FROM publication WHERE ${where} ORDER BY id`)
      .all(value)
      .map(toRecord);
  }
}

function toRecord(row: Row): PublicationRecord {
  return {
    id: integer(row, 'id'),
    ownerId: integer(row, 'owner_id'),
    applianceId: integer(row, 'appliance_id'),
    imageId: integer(row, 'image_id'),
    revision: integer(row, 'revision'),
    targetFormat: text(row, 'target_format'),
    request: text(row, 'request'),
    accountId: optionalInteger(row, 'account_id'),
    state: text(row, 'state') as PublicationState,
    percentage: integer(row, 'percentage'),
    message: text(row, 'message'),
    errorMessage: optionalText(row, 'error_message'),
    detail: optionalText(row, 'detail'),
    cloudId: optionalText(row, 'cloud_id'),
    location: optionalText(row, 'location'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalInteger, optionalText, text, type Row } from './columns.ts';

/** What can be limited, as in the schema; scans there are none. */
export const quotaTypes = ['appliance', 'diskusage', 'generation', 'scan'] as const;
export type QuotaType = (typeof quotaTypes)[number];

export interface Limit {
  /** A number of things, or bytes for `diskusage`; -1 = as many as one likes. */
  readonly limit: number;
  /** Whether it begins anew each month, on the day of the account's creation. */
  readonly monthly: boolean;
}

/** What was done, in the schema's words (`statTicket/actionName`). */
export type UsageAction =
  'cancelled' | 'created' | 'deleted' | 'downloaded' | 'failed' | 'imported' | 'success' | 'updated';

/** One thing a user did: it stays when the thing has gone. */
export interface UsageRecord {
  readonly id: number;
  readonly action: UsageAction;
  readonly objectType: 'appliance' | 'image';
  readonly objectId: number;
  readonly objectName: string;
  readonly format: string | undefined;
  readonly distribution: string | undefined;
  readonly size: number | undefined;
  readonly date: Date;
}

/** Puts down what is done with a ticket. The number of its rows is what the generation quota counts. */
export function tellTicket(database: Database, clock: Clock, id: number, action: UsageAction): void {
  database
    .prepare(
      `INSERT INTO usage (owner_id, action, object_type, object_id, object_name, format, distribution, size, date)
       SELECT appliance.owner_id, ?, 'image', ticket.id, appliance.name || ' ' || appliance.version,
         ticket.target_format, appliance.distribution, ticket.size, ?
       FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id WHERE ticket.id = ?`,
    )
    .run(action, clock.now(), id);
}

/** Puts down what is done with an appliance. */
export function tellAppliance(database: Database, clock: Clock, id: number, action: UsageAction): void {
  database
    .prepare(
      `INSERT INTO usage (owner_id, action, object_type, object_id, object_name, distribution, size, date)
       SELECT owner_id, ?, 'appliance', id, name || ' ' || version, distribution, archive_size, ?
       FROM appliance WHERE id = ?`,
    )
    .run(action, clock.now(), id);
}

/** What users have, had and may have. */
export class UsageStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  ofOwner(ownerId: number): UsageRecord[] {
    return this.#database
      .prepare('SELECT * FROM usage WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map(toRecord);
  }

  appliances(ownerId: number): number {
    return this.#number('SELECT count(*) AS n FROM appliance WHERE owner_id = ?', ownerId);
  }

  /** Images that were made since then, whether they are still there or not; simulations are none. */
  generations(ownerId: number, since: Date): number {
    return this.#number(
      `SELECT count(*) AS n FROM usage
       WHERE owner_id = ? AND action = 'success' AND size IS NOT NULL AND date >= ?`,
      ownerId,
      since.getTime(),
    );
  }

  /** Generations that wait or run. */
  pending(ownerId: number): number {
    return this.#number(
      `SELECT count(*) AS n FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id
       WHERE appliance.owner_id = ? AND ticket.state IN ('waiting', 'running')`,
      ownerId,
    );
  }

  /** What the user's archives and images take on the disk. */
  bytes(ownerId: number): number {
    return this.#number(
      `SELECT coalesce((SELECT sum(archive_size) FROM appliance WHERE owner_id = ?1), 0) +
         coalesce((SELECT sum(ticket.size) FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id
           WHERE appliance.owner_id = ?1), 0) AS n`,
      ownerId,
    );
  }

  limit(ownerId: number, type: QuotaType): Limit | undefined {
    const row = this.#database
      .prepare('SELECT * FROM quota WHERE owner_id = ? AND type = ?')
      .get(ownerId, type);
    return row && { limit: integer(row, 'most'), monthly: flag(row, 'monthly') };
  }

  setLimit(ownerId: number, type: QuotaType, { limit, monthly }: Limit): void {
    this.#database
      .prepare('INSERT OR REPLACE INTO quota (owner_id, type, most, monthly) VALUES (?, ?, ?, ?)')
      .run(ownerId, type, limit, Number(monthly));
  }

  #number(sql: string, ...parameters: readonly number[]): number {
    return Number(this.#database.prepare(sql).get(...parameters)?.['n'] ?? 0);
  }
}

function toRecord(row: Row): UsageRecord {
  return {
    id: integer(row, 'id'),
    action: text(row, 'action') as UsageAction,
    objectType: text(row, 'object_type') as UsageRecord['objectType'],
    objectId: integer(row, 'object_id'),
    objectName: text(row, 'object_name'),
    format: optionalText(row, 'format'),
    distribution: optionalText(row, 'distribution'),
    size: optionalInteger(row, 'size'),
    date: new Date(integer(row, 'date')),
  };
}

import type { Clock } from '../../uforge/clock.ts';
import { date, flag, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

/** What can be limited, as in the schema; scans there are none. */
export const quotaTypes = ['appliance', 'diskusage', 'generation', 'scan'] as const;
export type QuotaType = (typeof quotaTypes)[number];

export interface Limit {
  /** A number of things, or bytes for `diskusage`; -1 = as many as one likes. */
  readonly limit: number;
  /** Whether it begins anew each month, on the day of the account's creation. */
  readonly monthly: boolean;
}

const actions = [
  ...(['cancelled', 'created', 'deleted', 'downloaded'] as const),
  ...(['failed', 'imported', 'success', 'updated'] as const),
];

const columns = {
  id: integer,
  /** What was done, in the schema's words (`statTicket/actionName`). */
  action: oneOf(...actions),
  objectType: oneOf('appliance', 'image'),
  objectId: integer,
  objectName: text,
  format: optional(text),
  distribution: optional(text),
  size: optional(integer),
  date,
};

/** One thing a user did: it stays when the thing has gone. */
export type UsageRecord = RowOf<typeof columns>;
export type UsageAction = UsageRecord['action'];

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
export class UsageStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, 'usage', columns);
  }

  ofOwner(ownerId: number): UsageRecord[] {
    return this.where('owner_id = ?', ownerId);
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
         coalesce((SELECT sum(archive_size) FROM software WHERE owner_id = ?1), 0) +
         coalesce((SELECT sum(ticket.size) FROM ticket JOIN appliance ON appliance.id = ticket.appliance_id
           WHERE appliance.owner_id = ?1), 0) AS n`,
      ownerId,
    );
  }

  limit(ownerId: number, type: QuotaType): Limit | undefined {
    const row = this.database
      .prepare('SELECT * FROM quota WHERE owner_id = ? AND type = ?')
      .get(ownerId, type);
    return row && { limit: integer.read(row['most']), monthly: flag.read(row['monthly']) };
  }

  setLimit(ownerId: number, type: QuotaType, { limit, monthly }: Limit): void {
    this.database
      .prepare('INSERT OR REPLACE INTO quota (owner_id, type, most, monthly) VALUES (?, ?, ?, ?)')
      .run(ownerId, type, limit, Number(monthly));
  }

  #number(sql: string, ...parameters: readonly number[]): number {
    return Number(this.database.prepare(sql).get(...parameters)?.['n'] ?? 0);
  }
}

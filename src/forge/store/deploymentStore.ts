import type { Clock } from '../../uforge/clock.ts';
import { date, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

const columns = {
  id: integer,
  ownerId: integer,
  name: text,
  /** What was deployed: the publication, and the appliance it is of. */
  sourceUri: text,
  /** In UForge's words: it ends `running` or `on-fire`. */
  state: oneOf('starting', 'running', 'on-fire'),
  message: text,
  detail: optional(text),
  /** The publication's, as it was asked for: it says where at the platform. */
  request: optional(text),
  accountId: optional(integer),
  /** The machine's id at the platform. */
  instance: optional(text),
  address: optional(text),
  created: date,
};

export type DeploymentRecord = RowOf<typeof columns>;

export class DeploymentStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, 'deployment', columns);
  }

  ofOwner(ownerId: number): DeploymentRecord[] {
    return this.where('owner_id = ?', ownerId);
  }

  starting(): DeploymentRecord[] {
    return this.where("state = 'starting'");
  }

  create(
    deployment: Pick<DeploymentRecord, 'ownerId' | 'name' | 'sourceUri' | 'state' | 'message'> &
      Partial<Pick<DeploymentRecord, 'request' | 'accountId'>>,
  ): DeploymentRecord {
    return this.insert(deployment);
  }

  started(id: number, instance: string): void {
    this.update(id, { instance, message: 'The machine starts' });
  }

  running(id: number, address: string | undefined): void {
    this.update(id, { state: 'running', message: 'Running', address });
  }

  fail(id: number, message: string, detail?: string): void {
    this.update(id, { state: 'on-fire', message, detail });
  }
}

import type { Clock } from '../../uforge/clock.ts';
import { date, integer, oneOf, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

const columns = {
  id: integer,
  ownerId: integer,
  name: text,
  /** What was deployed: the publication, and the appliance it is of. */
  sourceUri: text,
  /** In UForge's words: it ends `running` or `on-fire`. */
  state: oneOf('running', 'on-fire'),
  message: text,
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

  create(deployment: Omit<DeploymentRecord, 'id' | 'created'>): DeploymentRecord {
    return this.insert(deployment);
  }
}

import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { integer, text, type Row } from './columns.ts';

/** The states of a deployment, in UForge's words: it ends `running` or `on-fire`. */
type DeploymentState = 'running' | 'on-fire';

export interface DeploymentRecord {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** What was deployed: the publication, and the appliance it is of. */
  readonly sourceUri: string;
  readonly state: DeploymentState;
  readonly message: string;
  readonly created: Date;
}

export class DeploymentStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): DeploymentRecord[] {
    return this.#database
      .prepare('SELECT * FROM deployment WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map(toRecord);
  }

  get(id: number): DeploymentRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM deployment WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  create(deployment: Omit<DeploymentRecord, 'id' | 'created'>): DeploymentRecord {
    const { ownerId, name, sourceUri, state, message } = deployment;
    const row = this.#database
      .returning(
        `INSERT INTO deployment (owner_id, name, source_uri, state, message, created)
         VALUES (?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(ownerId, name, sourceUri, state, message, this.#clock.now());
    if (row === undefined) throw new Error('SQLite did not return the deployment it stored.');
    return toRecord(row);
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM deployment WHERE id = ?').run(id);
  }
}

function toRecord(row: Row): DeploymentRecord {
  return {
    id: integer(row, 'id'),
    ownerId: integer(row, 'owner_id'),
    name: text(row, 'name'),
    sourceUri: text(row, 'source_uri'),
    state: text(row, 'state') as DeploymentState,
    message: text(row, 'message'),
    created: new Date(integer(row, 'created')),
  };
}

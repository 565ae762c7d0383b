import type { Clock } from '../../uforge/clock.ts';
import { date, flag, integer, oneOf, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

const columns = {
  id: integer,
  ownerId: integer,
  imported: flag,
  /** Replace an appliance of that name and version. */
  force: flag,
  reuseBundles: flag,
  useMajor: flag,
  state: oneOf('waiting', 'running', 'done', 'failed'),
  message: text,
  errorMessage: optional(text),
  detail: optional(text),
  applianceId: optional(integer),
  size: optional(integer),
  sha256: optional(text),
  md5: optional(text),
  created: date,
  modified: date,
};

export type ImportRecord = RowOf<typeof columns>;

/** What appliance_import asks for, all in its query. */
export type ImportOptions = Pick<ImportRecord, 'imported' | 'force' | 'reuseBundles' | 'useMajor'>;

/** How an import ended. */
export interface ImportResult {
  readonly state: 'done' | 'failed';
  readonly message: string;
  readonly errorMessage?: string;
  readonly detail?: string;
  readonly applianceId?: number;
}

export interface ImportUpload {
  readonly size: number;
  readonly sha256: string;
  readonly md5: string;
}

export class ImportStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock, of: 'appliance' | 'software' = 'appliance') {
    super(database, clock, `${of}_import`, columns);
  }

  ofOwner(ownerId: number): ImportRecord[] {
    return this.where('owner_id = ?', ownerId);
  }

  create(ownerId: number, options: ImportOptions): ImportRecord {
    return this.insert({ ownerId, ...options, state: 'waiting', message: 'Waiting for the archive' });
  }

  /** @returns whether it was still waiting: an import takes one archive. */
  start(id: number): boolean {
    const message = 'Uploading the archive';
    return this.update(id, { state: 'running', message }, { where: "state = 'waiting'" });
  }

  uploaded(id: number, upload: ImportUpload): void {
    this.update(id, { ...upload, message: 'Checking the archive' });
  }

  finish(id: number, result: ImportResult): void {
    this.update(id, result);
  }

  /** Imports a stopped forge left in the middle can't go on: their archive has gone with it. */
  failUnfinished(errorMessage: string): void {
    for (const { id } of this.where("state = 'running'")) {
      this.finish(id, { state: 'failed', message: 'The import failed', errorMessage });
    }
  }
}

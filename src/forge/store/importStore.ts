import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalInteger, optionalText, text, type Row } from './columns.ts';

/** What appliance_import asks for, all in its query. */
export interface ImportOptions {
  readonly imported: boolean;
  /** Replace an appliance of that name and version. */
  readonly force: boolean;
  readonly reuseBundles: boolean;
  readonly useMajor: boolean;
}

type ImportState = 'waiting' | 'running' | 'done' | 'failed';

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

export interface ImportRecord extends ImportOptions {
  readonly id: number;
  readonly ownerId: number;
  readonly state: ImportState;
  readonly message: string;
  readonly errorMessage: string | undefined;
  readonly detail: string | undefined;
  readonly applianceId: number | undefined;
  readonly size: number | undefined;
  readonly sha256: string | undefined;
  readonly md5: string | undefined;
  readonly created: Date;
  readonly modified: Date;
}

export class ImportStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): ImportRecord[] {
    return this.#database
      .prepare('SELECT * FROM appliance_import WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map(toRecord);
  }

  get(id: number): ImportRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM appliance_import WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  create(ownerId: number, options: ImportOptions): ImportRecord {
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO appliance_import (owner_id, imported, force, reuse_bundles, use_major, state, message, created, modified)
         VALUES (?, ?, ?, ?, ?, 'waiting', 'Waiting for the archive', ?, ?) RETURNING *`,
      )
      .get(
        ownerId,
        Number(options.imported),
        Number(options.force),
        Number(options.reuseBundles),
        Number(options.useMajor),
        now,
        now,
      );
    if (row === undefined) throw new Error('SQLite did not return the import it stored.');
    return toRecord(row);
  }

  /** @returns whether it was still waiting: an import takes one archive. */
  start(id: number): boolean {
    const { changes } = this.#database
      .prepare(
        `UPDATE appliance_import SET state = 'running', message = 'Uploading the archive', modified = ?
         WHERE id = ? AND state = 'waiting'`,
      )
      .run(this.#clock.now(), id);
    return changes === 1;
  }

  uploaded(id: number, upload: ImportUpload): void {
    this.#database
      .prepare(
        `UPDATE appliance_import SET message = 'Checking the archive', size = ?, sha256 = ?, md5 = ?, modified = ?
         WHERE id = ?`,
      )
      .run(upload.size, upload.sha256, upload.md5, this.#clock.now(), id);
  }

  finish(id: number, result: ImportResult): void {
    this.#database
      .prepare(
        `UPDATE appliance_import SET state = ?, message = ?, error_message = ?, detail = ?, appliance_id = ?, modified = ?
         WHERE id = ?`,
      )
      .run(
        result.state,
        result.message,
        result.errorMessage ?? null,
        result.detail ?? null,
        result.applianceId ?? null,
        this.#clock.now(),
        id,
      );
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM appliance_import WHERE id = ?').run(id);
  }

  /** Imports a stopped forge left in the middle can't go on: their archive has gone with it. */
  failUnfinished(errorMessage: string): void {
    this.#database
      .prepare(
        `UPDATE appliance_import SET state = 'failed', message = 'The import failed', error_message = ?, modified = ?
         WHERE state = 'running'`,
      )
      .run(errorMessage, this.#clock.now());
  }
}

function toRecord(row: Row): ImportRecord {
  return {
    id: integer(row, 'id'),
    ownerId: integer(row, 'owner_id'),
    imported: flag(row, 'imported'),
    force: flag(row, 'force'),
    reuseBundles: flag(row, 'reuse_bundles'),
    useMajor: flag(row, 'use_major'),
    state: toState(text(row, 'state')),
    message: text(row, 'message'),
    errorMessage: optionalText(row, 'error_message'),
    detail: optionalText(row, 'detail'),
    applianceId: optionalInteger(row, 'appliance_id'),
    size: optionalInteger(row, 'size'),
    sha256: optionalText(row, 'sha256'),
    md5: optionalText(row, 'md5'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

function toState(value: string): ImportState {
  switch (value) {
    case 'waiting':
    case 'running':
    case 'done':
    case 'failed':
      return value;
    default:
      throw new Error(`The database holds an import in the unknown state "${value}".`);
  }
}

import type { TemplateLanguage } from '../../appliance/template/model/template.ts';
import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalInteger, optionalText, text, type Row } from './columns.ts';

type ExportState = 'running' | 'done' | 'failed' | 'cancelled';

/** How an export ended. */
export type ExportResult =
  | { readonly state: 'done'; readonly size: number; readonly sha256: string }
  | { readonly state: 'failed'; readonly errorMessage: string }
  | { readonly state: 'cancelled' };

export interface ExportRecord {
  readonly id: number;
  readonly applianceId: number;
  readonly language: TemplateLanguage;
  readonly state: ExportState;
  readonly message: string;
  readonly errorMessage: string | undefined;
  readonly downloaded: boolean;
  readonly fileName: string;
  /** Bytes of the archive. */
  readonly size: number | undefined;
  /** Lower-case hex. */
  readonly sha256: string | undefined;
  readonly created: Date;
  readonly modified: Date;
}

/** The exports of appliances; their archives lie in a folder of their own (`DataFolder.export`). */
export class ExportStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofAppliance(applianceId: number): ExportRecord[] {
    return this.#database
      .prepare('SELECT * FROM appliance_export WHERE appliance_id = ? ORDER BY id')
      .all(applianceId)
      .map(toRecord);
  }

  get(id: number): ExportRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM appliance_export WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  create(applianceId: number, language: TemplateLanguage, fileName: string): ExportRecord {
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO appliance_export (appliance_id, language, state, message, file_name, created, modified)
         VALUES (?, ?, 'running', 'Exporting the appliance', ?, ?, ?) RETURNING *`,
      )
      .get(applianceId, language, fileName, now, now);
    if (row === undefined) throw new Error('SQLite did not return the export it stored.');
    return toRecord(row);
  }

  finish(id: number, result: ExportResult): void {
    const message = { done: 'Exported', failed: 'The export failed', cancelled: 'Cancelled' }[result.state];
    const done = result.state === 'done' ? result : undefined;
    this.#database
      .prepare(
        `UPDATE appliance_export SET state = ?, message = ?, error_message = ?, size = ?, sha256 = ?, modified = ?
         WHERE id = ?`,
      )
      .run(
        result.state,
        message,
        result.state === 'failed' ? result.errorMessage : null,
        done?.size ?? null,
        done?.sha256 ?? null,
        this.#clock.now(),
        id,
      );
  }

  downloaded(id: number): void {
    this.#database.prepare('UPDATE appliance_export SET downloaded = 1 WHERE id = ?').run(id);
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM appliance_export WHERE id = ?').run(id);
  }

  failUnfinished(errorMessage: string): void {
    this.#database
      .prepare(
        `UPDATE appliance_export SET state = 'failed', message = 'The export failed', error_message = ?, modified = ?
         WHERE state = 'running'`,
      )
      .run(errorMessage, this.#clock.now());
  }
}

function toRecord(row: Row): ExportRecord {
  return {
    id: integer(row, 'id'),
    applianceId: integer(row, 'appliance_id'),
    language: text(row, 'language') === 'json' ? 'json' : 'yaml',
    state: toState(text(row, 'state')),
    message: text(row, 'message'),
    errorMessage: optionalText(row, 'error_message'),
    downloaded: flag(row, 'downloaded'),
    fileName: text(row, 'file_name'),
    size: optionalInteger(row, 'size'),
    sha256: optionalText(row, 'sha256'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

function toState(value: string): ExportState {
  switch (value) {
    case 'running':
    case 'done':
    case 'failed':
    case 'cancelled':
      return value;
    default:
      throw new Error(`The database holds an export in the unknown state "${value}".`);
  }
}

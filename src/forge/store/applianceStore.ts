import { randomUUID } from 'node:crypto';
import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { integer, optionalText, text, type Row } from './rows.ts';
import { tellAppliance } from './usageStore.ts';

/** What an archive says about its appliance. */
export interface ApplianceContent {
  readonly name: string;
  readonly version: string;
  /** The template's path inside the unpacked archive. */
  readonly templateFile: string;
  readonly archiveSha256: string;
  readonly archiveSize: number;
  readonly description: string | undefined;
  /** As `distributionName`, for example `Debian 12`; `undefined` when the template names no OS. */
  readonly distribution: string | undefined;
  readonly arch: string | undefined;
}

export interface ApplianceRecord extends ApplianceContent {
  readonly id: number;
  readonly ownerId: number;
  readonly uuid: string;
  /** Counts up whenever the template is pushed again. */
  readonly revision: number;
  readonly created: Date;
  readonly modified: Date;
}

export class ApplianceStore {
  readonly #database: Database;
  readonly #clock: Clock;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): ApplianceRecord[] {
    return this.#database
      .prepare('SELECT * FROM appliance WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map(toRecord);
  }

  get(id: number): ApplianceRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM appliance WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  find(ownerId: number, name: string, version: string): ApplianceRecord | undefined {
    const row = this.#database
      .prepare('SELECT * FROM appliance WHERE owner_id = ? AND name = ? AND version = ?')
      .get(ownerId, name, version);
    return row && toRecord(row);
  }

  /** Makes the appliance, or the next revision of the owner's one with that name and version. */
  put(ownerId: number, content: ApplianceContent): ApplianceRecord {
    const now = this.#clock.now();
    const row = this.#database
      .prepare(
        `INSERT INTO appliance (owner_id, uuid, name, version, revision, template_file, archive_sha256, archive_size,
           description, distribution, arch, created, modified)
         VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (owner_id, name, version) DO UPDATE SET revision = revision + 1, template_file = excluded.template_file,
           archive_sha256 = excluded.archive_sha256, archive_size = excluded.archive_size,
           description = excluded.description, distribution = excluded.distribution, arch = excluded.arch,
           modified = excluded.modified
         RETURNING *`,
      )
      .get(
        ownerId,
        randomUUID(),
        content.name,
        content.version,
        content.templateFile,
        content.archiveSha256,
        content.archiveSize,
        content.description ?? null,
        content.distribution ?? null,
        content.arch ?? null,
        now,
        now,
      );
    if (row === undefined) throw new Error('SQLite did not return the appliance it stored.');
    const record = toRecord(row);
    tellAppliance(this.#database, this.#clock, record.id, record.revision === 1 ? 'created' : 'updated');
    return record;
  }

  /** Its tickets go with it. */
  delete(id: number): void {
    tellAppliance(this.#database, this.#clock, id, 'deleted');
    this.#database.prepare('DELETE FROM appliance WHERE id = ?').run(id);
  }
}

function toRecord(row: Row): ApplianceRecord {
  return {
    id: integer(row, 'id'),
    ownerId: integer(row, 'owner_id'),
    uuid: text(row, 'uuid'),
    name: text(row, 'name'),
    version: text(row, 'version'),
    revision: integer(row, 'revision'),
    templateFile: text(row, 'template_file'),
    archiveSha256: text(row, 'archive_sha256'),
    archiveSize: integer(row, 'archive_size'),
    description: optionalText(row, 'description'),
    distribution: optionalText(row, 'distribution'),
    arch: optionalText(row, 'arch'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

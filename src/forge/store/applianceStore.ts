import { randomUUID } from 'node:crypto';
import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalInteger, optionalText, text, type Row } from './columns.ts';
import { tellAppliance } from './usageStore.ts';

/** What a template says about its appliance. */
export interface ApplianceContent {
  readonly name: string;
  readonly version: string;
  /** The template's path inside the unpacked archive. */
  readonly templateFile: string;
  /** Of the template and its files, bytes. */
  readonly archiveSize: number;
  readonly description: string | undefined;
  /**
   * The template is kept line by line as it was sent, but for these, counted from 0 (`sealedText`);
   * undefined: it was written by the forge.
   */
  readonly addedLines?: readonly number[] | undefined;
  /** As `distributionName`, for example `Debian 12`; `undefined` when the template names no OS. */
  readonly distribution: string | undefined;
  readonly arch: string | undefined;
}

/** Where an appliance comes from. */
export interface ApplianceOrigin {
  /** As `imported` asked at its import. */
  readonly imported: boolean;
  /** The one it was cloned from, which may be gone. */
  readonly parentId?: number | undefined;
}

export interface ApplianceRecord extends ApplianceContent, ApplianceOrigin {
  readonly id: number;
  readonly ownerId: number;
  readonly uuid: string;
  /** Counts up whenever the template is edited or pushed again. */
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

  /** @throws {ApplianceExists} when the owner has one of that name and version */
  create(ownerId: number, content: ApplianceContent, origin: ApplianceOrigin): ApplianceRecord {
    if (this.find(ownerId, content.name, content.version) !== undefined)
      throw new ApplianceExists(content.name);
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO appliance (owner_id, uuid, name, version, revision, template_file, archive_size, description, distribution,
           arch, added_lines, imported, parent_id, created, modified)
         VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        ownerId,
        randomUUID(),
        content.name,
        content.version,
        content.templateFile,
        content.archiveSize,
        content.description ?? null,
        content.distribution ?? null,
        content.arch ?? null,
        linesToText(content),
        Number(origin.imported),
        origin.parentId ?? null,
        now,
        now,
      );
    if (row === undefined) throw new Error('SQLite did not return the appliance it stored.');
    const record = toRecord(row);
    tellAppliance(this.#database, this.#clock, record.id, 'created');
    return record;
  }

  /**
   * The appliance's next revision. @throws {ApplianceExists} when its new name and version are another one's
   */
  revise(id: number, content: ApplianceContent, imported?: boolean): ApplianceRecord {
    const before = this.get(id);
    if (before === undefined) throw new Error(`There is no appliance ${id} to revise.`);
    const other = this.find(before.ownerId, content.name, content.version);
    if (other !== undefined && other.id !== id) throw new ApplianceExists(content.name);
    const row = this.#database
      .returning(
        `UPDATE appliance SET revision = revision + 1, name = ?, version = ?, template_file = ?, archive_size = ?,
           description = ?, distribution = ?, arch = ?, added_lines = ?, imported = ?, modified = ? WHERE id = ? RETURNING *`,
      )
      .get(
        content.name,
        content.version,
        content.templateFile,
        content.archiveSize,
        content.description ?? null,
        content.distribution ?? null,
        content.arch ?? null,
        linesToText(content),
        Number(imported ?? before.imported),
        this.#clock.now(),
        id,
      );
    if (row === undefined) throw new Error('SQLite did not return the appliance it stored.');
    tellAppliance(this.#database, this.#clock, id, 'updated');
    return toRecord(row);
  }

  /** Its tickets go with it. */
  delete(id: number): void {
    this.#database.transaction(() => {
      tellAppliance(this.#database, this.#clock, id, 'deleted');
      this.#database.prepare('DELETE FROM appliance WHERE id = ?').run(id);
    });
  }
}

/** An owner's appliances differ in name or version. */
export class ApplianceExists extends Error {
  override readonly name = 'ApplianceExists';
}

function linesToText({ addedLines }: ApplianceContent): string | null {
  return addedLines === undefined ? null : JSON.stringify(addedLines);
}

function linesOf(row: Row): readonly number[] | undefined {
  const lines = optionalText(row, 'added_lines');
  return lines === undefined ? undefined : (JSON.parse(lines) as readonly number[]);
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
    archiveSize: integer(row, 'archive_size'),
    description: optionalText(row, 'description'),
    distribution: optionalText(row, 'distribution'),
    arch: optionalText(row, 'arch'),
    addedLines: linesOf(row),
    imported: flag(row, 'imported'),
    parentId: optionalInteger(row, 'parent_id'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

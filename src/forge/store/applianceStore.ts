import { randomUUID } from 'node:crypto';
import type { Clock } from '../../uforge/clock.ts';
import { date, flag, integer, optional, text, type Column } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';
import { tellAppliance, type UsageAction } from './usageStore.ts';

const lines: Column<readonly number[]> = {
  read: (value) => JSON.parse(text.read(value)) as readonly number[],
  write: (value) => JSON.stringify(value),
};

/** What a template says about its appliance. */
const contentColumns = {
  name: text,
  version: text,
  /** The template's path inside the unpacked archive. */
  templateFile: text,
  /** Of the template and its files, bytes. */
  archiveSize: integer,
  description: optional(text),
  /**
   * The template is kept line by line as it was sent, but for these, counted from 0 (`sealedText`);
   * undefined: it was written by the forge.
   */
  addedLines: optional(lines),
  /** As `distributionName`, for example `Debian 12`; `undefined` when the template names no OS. */
  distribution: optional(text),
  arch: optional(text),
};

export interface ApplianceContent extends Omit<RowOf<typeof contentColumns>, 'addedLines'> {
  readonly addedLines?: readonly number[] | undefined;
}

const columns = {
  id: integer,
  ownerId: integer,
  uuid: text,
  /** Counts up whenever the template is edited or pushed again. */
  revision: integer,
  ...contentColumns,
  /** As `imported` asked at its import. */
  imported: flag,
  /** The one it was cloned from, which may be gone. */
  parentId: optional(integer),
  created: date,
  modified: date,
};

export type ApplianceRecord = RowOf<typeof columns>;

/** Where an appliance comes from. */
export type ApplianceOrigin = Pick<ApplianceRecord, 'imported'> & { readonly parentId?: number };

/** What is defined by a template: appliances, and software of a user's own, whose template has one bundle. */
export class ApplianceStore extends Table<typeof columns> {
  readonly #table: 'appliance' | 'software';

  constructor(database: Database, clock: Clock, table: 'appliance' | 'software' = 'appliance') {
    super(database, clock, table, columns);
    this.#table = table;
  }

  ofOwner(ownerId: number): ApplianceRecord[] {
    return this.where('owner_id = ?', ownerId);
  }

  find(ownerId: number, name: string, version: string): ApplianceRecord | undefined {
    return this.where('owner_id = ? AND name = ? AND version = ?', ownerId, name, version)[0];
  }

  /** @throws {ApplianceExists} when the owner has one of that name and version */
  create(ownerId: number, content: ApplianceContent, origin: ApplianceOrigin): ApplianceRecord {
    const record = this.insertNew({ ownerId, uuid: randomUUID(), revision: 1, ...content, ...origin });
    if (record === undefined) throw new ApplianceExists(content.name);
    this.#tell(record.id, 'created');
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
    const { addedLines } = content;
    const revision = before.revision + 1;
    this.update(id, { ...content, addedLines, revision, imported: imported ?? before.imported });
    this.#tell(id, 'updated');
    return this.get(id) ?? before;
  }

  /** Its tickets go with it. */
  override delete(id: number): void {
    this.database.transaction(() => {
      this.#tell(id, 'deleted');
      super.delete(id);
    });
  }

  /** The statistics know appliances and images. */
  #tell(id: number, action: UsageAction): void {
    if (this.#table === 'appliance') tellAppliance(this.database, this.clock, id, action);
  }
}

/** An owner's appliances differ in name or version. */
export class ApplianceExists extends Error {
  override readonly name = 'ApplianceExists';
}

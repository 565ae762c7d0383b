import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../process/startError.ts';
import { migrations } from './migrations.ts';

/**
 * The forge's database: SQLite as it ships with Node. One forge works with it (lock.ts); `forge user` may
 * look in meanwhile.
 */
export class Database implements Disposable {
  readonly #sqlite: DatabaseSync;
  readonly #changes: ReturnType<DatabaseSync['prepare']>;
  readonly #others: ReturnType<DatabaseSync['prepare']>;
  /** By their SQL, of which there is so much as there is in the code. */
  readonly #prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>();

  /** Opens the file, making it or bringing it up to this forge's schema. */
  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file, { timeout: 5000 });
    chmodSync(file, 0o600);
    this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // What is deleted is overwritten: a request may hold a password as long as it is built.
    this.#sqlite.exec('PRAGMA secure_delete = ON');
    // A step may make a table anew, which must not take along what refers to it.
    this.#sqlite.exec('PRAGMA foreign_keys = OFF');
    this.#migrate(file);
    this.#sqlite.exec('PRAGMA foreign_keys = ON');
    this.#changes = this.#sqlite.prepare('SELECT total_changes() AS changes');
    this.#others = this.#sqlite.prepare('PRAGMA data_version');
  }

  /** Whether the file has this version's schema. */
  static isCurrent(file: string): boolean {
    using sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    return sqlite.prepare('PRAGMA user_version').get()?.['user_version'] === migrations.length;
  }

  /** Whether the file is a database that no forge has written to. */
  static isBlank(file: string): boolean {
    using sqlite = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    return sqlite.prepare('PRAGMA user_version').get()?.['user_version'] === 0;
  }

  /**
   * Ids up to this one are not given any more: something of that id is there that the table does not know.
   */
  skipIds(
    table: 'appliance' | 'appliance_export' | 'software' | 'software_export' | 'ticket',
    highest: number,
  ): void {
    const known = this.#sqlite.prepare('SELECT seq FROM sqlite_sequence WHERE name = ?').get(table)?.['seq'];
    if (known === undefined) {
      this.#sqlite.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, highest);
    } else if (Number(known) < highest) {
      this.#sqlite.prepare('UPDATE sqlite_sequence SET seq = ? WHERE name = ?').run(highest, table);
    }
  }

  /** Another text whenever a row has been added, changed or deleted since, by this process or another. */
  get revision(): string {
    return `${Number(this.#changes.get()?.['changes'])} ${Number(this.#others.get()?.['data_version'])}`;
  }

  prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    const statement = this.#prepared.get(sql) ?? this.#sqlite.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** Runs `work` whole or not at all. It can't be nested and can't wait for anything. */
  transaction<T>(work: () => T): T {
    this.#sqlite.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#sqlite.exec('COMMIT');
      return result;
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk for one.
      if (this.#sqlite.isTransaction) this.#sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#sqlite.close();
  }

  #migrate(file: string): void {
    const row = this.#sqlite.prepare('PRAGMA user_version').get();
    const from = Number(row?.['user_version'] ?? 0);
    if (from > migrations.length) {
      throw new StartError(
        `${file} was written by a newer version of Appliance Forge (schema ${from}, this one knows ${migrations.length}). ` +
          'Update Appliance Forge, or use another data folder.',
      );
    }
    for (const [index, sql] of migrations.entries()) {
      if (index < from) continue;
      this.transaction(() => this.#sqlite.exec(`${sql}; PRAGMA user_version = ${index + 1}`));
    }
  }
}

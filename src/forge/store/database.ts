import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrations } from './migrations.ts';

/** The forge's database: SQLite as it ships with Node, one connection, used by one process (lock.ts). */
export class Database implements Disposable {
  readonly #sqlite: DatabaseSync;
  readonly #changes: ReturnType<DatabaseSync['prepare']>;

  /** Opens the file, making it or bringing it up to this forge's schema. */
  constructor(file: string) {
    this.#sqlite = new DatabaseSync(file);
    chmodSync(file, 0o600);
    this.#sqlite.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    // What is deleted is overwritten: a request may hold a password as long as it is built.
    this.#sqlite.exec('PRAGMA secure_delete = ON');
    this.#migrate(file);
    this.#changes = this.#sqlite.prepare('SELECT total_changes() AS changes');
  }

  /** Another number whenever a row has been added, changed or deleted since. */
  get revision(): number {
    return Number(this.#changes.get()?.['changes']);
  }

  prepare(sql: string): ReturnType<DatabaseSync['prepare']> {
    return this.#sqlite.prepare(sql);
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
      throw new Error(
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

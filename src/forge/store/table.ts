import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Clock } from '../../uforge/clock.ts';
import type { Column } from './columns.ts';
import type { Database } from './database.ts';

type Columns = Readonly<Record<string, Column<unknown>>>;

/** A row as an object. A column `owner_id` is its member `ownerId`. */
export type RowOf<C extends Columns> = { readonly [K in keyof C]: C[K] extends Column<infer T> ? T : never };

/** The rows of one table. When a row was `created` and `modified` is put down here, where the table says so. */
export abstract class Table<C extends Columns, R = RowOf<C>> {
  protected readonly database: Database;
  protected readonly clock: Clock;
  readonly #name: string;
  readonly #columns: readonly {
    readonly member: string;
    readonly name: string;
    readonly column: C[keyof C];
  }[];

  constructor(database: Database, clock: Clock, name: string, columns: C) {
    this.database = database;
    this.clock = clock;
    this.#name = name;
    this.#columns = Object.entries(columns).map(([member, column]) => {
      const name = member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return { member, name, column: column as C[keyof C] };
    });
  }

  get(id: number): R | undefined {
    return this.where('id = ?', id)[0];
  }

  delete(id: number): void {
    this.database.prepare(`DELETE FROM ${this.#name} WHERE id = ?`).run(id);
  }

  /** In the order they were made. `condition` is SQL. */
  protected where(condition: string, ...values: readonly SQLInputValue[]): R[] {
    return this.database
      .prepare(`SELECT * FROM ${this.#name} WHERE ${condition} ORDER BY rowid`)
      .all(...values)
      .map((row) => this.#read(row));
  }

  protected insert(values: Partial<RowOf<C>>): R {
    const row = this.insertNew(values);
    if (row === undefined) throw new Error(`The table ${this.#name} has such a row already.`);
    return row;
  }

  /** @returns undefined when there is one that it may not be beside */
  protected insertNew(values: Partial<RowOf<C>>): R | undefined {
    const now = new Date(this.clock.now());
    const written = this.#write({ created: now, modified: now, ...values });
    const names = Object.keys(written);
    // Run to its end, for only there SQLite says that it has no room to keep what it has returned.
    const [row] = this.database
      .prepare(
        `INSERT INTO ${this.#name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
         ON CONFLICT DO NOTHING RETURNING *`,
      )
      .all(...Object.values(written));
    return row && this.#read(row);
  }

  /**
   * @param where SQL: what must be so besides
   * @param set SQL: what is changed besides
   * @returns whether there was such a row
   */
  protected update(
    id: number,
    change: Partial<RowOf<C>>,
    { where = 'TRUE', set = [] }: { readonly where?: string; readonly set?: readonly string[] } = {},
  ): boolean {
    const written = this.#write({ modified: new Date(this.clock.now()), ...change });
    const sets = [...Object.keys(written).map((name) => `${name} = ?`), ...set];
    const { changes } = this.database
      .prepare(`UPDATE ${this.#name} SET ${sets.join(', ')} WHERE id = ? AND ${where}`)
      .run(...Object.values(written), id);
    return changes === 1;
  }

  /** What is known of a row as the table's users see it: the row, unless a table says otherwise. */
  protected toRecord(row: RowOf<C>): R {
    return row as R;
  }

  #read(row: Readonly<Record<string, SQLOutputValue>>): R {
    const record: Record<string, unknown> = {};
    for (const { member, name, column } of this.#columns) record[member] = column.read(row[name]);
    return this.toRecord(record as RowOf<C>);
  }

  /** By the names of the columns, of which there need not be all. */
  #write(values: Readonly<Record<string, unknown>>): Record<string, SQLInputValue> {
    const given = this.#columns.filter(({ member }) => member in values);
    return Object.fromEntries(given.map(({ member, name, column }) => [name, column.write(values[member])]));
  }
}

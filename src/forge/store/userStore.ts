import type { Clock } from '../../uforge/clock.ts';
import { firstUserEntitlements, isEntitlement, type Entitlement } from '../accounts/entitlements.ts';
import type { Database } from './database.ts';
import { integer, optionalText, text, type Row } from './columns.ts';

export interface UserRecord {
  readonly id: number;
  readonly login: string;
  /** A hash (accounts/loginHashes.ts); undefined for one who signs in with the password of this run only. */
  readonly password: string | undefined;
  readonly entitlements: ReadonlySet<Entitlement>;
  readonly created: Date;
  readonly modified: Date;
}

/**
 * Who may use the forge. Another process may change this table while a forge runs: nothing of it is kept in
 * memory.
 */
export class UserStore {
  readonly #database: Database;
  readonly #clock: Clock;
  /** Asked for with every request. */
  readonly #byLogin: ReturnType<Database['prepare']>;

  constructor(database: Database, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    this.#byLogin = database.prepare("SELECT * FROM user WHERE login = ? AND login <> ''");
  }

  all(): UserRecord[] {
    return this.#database.prepare("SELECT * FROM user WHERE login <> '' ORDER BY login").all().map(toRecord);
  }

  find(login: string): UserRecord | undefined {
    const row = this.#byLogin.get(login);
    return row && toRecord(row);
  }

  get(id: number): UserRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM user WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  /** @returns undefined when there is one with that login */
  create(
    login: string,
    password: string | undefined,
    entitlements: Iterable<Entitlement>,
  ): UserRecord | undefined {
    const now = this.#clock.now();
    const row = this.#database
      .returning(
        `INSERT INTO user (login, password, entitlements, created, modified) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING *`,
      )
      .get(login, password ?? null, JSON.stringify([...entitlements]), now, now);
    return row && toRecord(row);
  }

  setPassword(id: number, password: string): void {
    this.#database
      .prepare('UPDATE user SET password = ?, modified = ? WHERE id = ?')
      .run(password, this.#clock.now(), id);
  }

  setEntitlements(id: number, entitlements: Iterable<Entitlement>): void {
    this.#database
      .prepare('UPDATE user SET entitlements = ?, modified = ? WHERE id = ?')
      .run(JSON.stringify([...entitlements]), this.#clock.now(), id);
  }

  /** All that is theirs goes with them. */
  delete(id: number): void {
    this.#database.prepare('DELETE FROM user WHERE id = ?').run(id);
  }

  /** The user a forge is started for; also the heir of what a forge made that knew one user only. */
  first(login: string): UserRecord {
    const known = this.find(login);
    // A start writes only what changes: the disk may be full.
    const isHeir = this.#database.prepare("SELECT 1 FROM user WHERE login = ''").get() !== undefined;
    if (known !== undefined && !isHeir) return known;
    this.#database.transaction(() => {
      this.#database
        .prepare("UPDATE OR IGNORE user SET login = ?, entitlements = ? WHERE login = ''")
        .run(login, JSON.stringify(firstUserEntitlements));
      this.create(login, undefined, firstUserEntitlements);
      for (const table of ['appliance', 'appliance_import']) {
        this.#database
          .prepare(
            `UPDATE ${table} SET owner_id = (SELECT id FROM user WHERE login = ?)
             WHERE owner_id = (SELECT id FROM user WHERE login = '')`,
          )
          .run(login);
      }
      this.#database.prepare("DELETE FROM user WHERE login = ''").run();
    });
    const user = this.find(login);
    if (user === undefined) throw new Error('SQLite did not return the user it stored.');
    return user;
  }
}

function toRecord(row: Row): UserRecord {
  const entitlements = JSON.parse(text(row, 'entitlements')) as readonly string[];
  return {
    id: integer(row, 'id'),
    login: text(row, 'login'),
    password: optionalText(row, 'password'),
    entitlements: new Set(entitlements.filter(isEntitlement)),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

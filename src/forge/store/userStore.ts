import type { Clock } from '../../uforge/clock.ts';
import { firstUserEntitlements, isEntitlement, type Entitlement } from '../accounts/entitlements.ts';
import { date, integer, optional, text, type Column } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';

const entitlements: Column<ReadonlySet<Entitlement>> = {
  read: (value) => new Set((JSON.parse(text.read(value)) as readonly string[]).filter(isEntitlement)),
  write: (value) => JSON.stringify([...value]),
};

const columns = {
  id: integer,
  login: text,
  /** A hash (accounts/loginHashes.ts); undefined for one who signs in with the password of this run only. */
  password: optional(text),
  entitlements,
  created: date,
  modified: date,
};

export type UserRecord = RowOf<typeof columns>;

/**
 * Who may use the forge. Another process may change this table while a forge runs: nothing of it is kept in
 * memory.
 */
export class UserStore extends Table<typeof columns> {
  constructor(database: Database, clock: Clock) {
    super(database, clock, 'user', columns);
  }

  all(): UserRecord[] {
    return this.where("login <> ''").toSorted((a, b) => (a.login < b.login ? -1 : 1));
  }

  find(login: string): UserRecord | undefined {
    return this.where("login = ? AND login <> ''", login)[0];
  }

  /** @returns undefined when there is one with that login */
  create(
    login: string,
    password: string | undefined,
    entitled: Iterable<Entitlement>,
  ): UserRecord | undefined {
    return this.insertNew({ login, password, entitlements: new Set(entitled) });
  }

  setPassword(id: number, password: string): void {
    this.update(id, { password });
  }

  setEntitlements(id: number, entitled: Iterable<Entitlement>): void {
    this.update(id, { entitlements: new Set(entitled) });
  }

  /** The user a forge is started for; also the heir of what a forge made that knew one user only. */
  first(login: string): UserRecord {
    const known = this.find(login);
    // A start writes only what changes: the disk may be full.
    const isHeir = this.database.prepare("SELECT 1 FROM user WHERE login = ''").get() !== undefined;
    if (known !== undefined && !isHeir) return known;
    this.database.transaction(() => {
      this.database
        .prepare("UPDATE OR IGNORE user SET login = ?, entitlements = ? WHERE login = ''")
        .run(login, JSON.stringify(firstUserEntitlements));
      this.create(login, undefined, firstUserEntitlements);
      for (const table of ['appliance', 'appliance_import']) {
        this.database
          .prepare(
            `UPDATE ${table} SET owner_id = (SELECT id FROM user WHERE login = ?)
             WHERE owner_id = (SELECT id FROM user WHERE login = '')`,
          )
          .run(login);
      }
      this.database.prepare("DELETE FROM user WHERE login = ''").run();
    });
    const user = this.find(login);
    if (user === undefined) throw new Error('SQLite did not return the user it stored.');
    return user;
  }
}

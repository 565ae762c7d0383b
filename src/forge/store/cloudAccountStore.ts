import type { Clock } from '../../uforge/clock.ts';
import { decodeAs, encodeJson } from '../../uforge/codec/codec.ts';
import type { Database } from './database.ts';
import { integer, optionalText, text, type Row } from './columns.ts';
import type { Vault } from './vault.ts';
import { secretsOf, withSecrets, withoutSecrets, type CredAccount } from './cloudSecrets.ts';

export interface CloudAccountRecord {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string;
  /** As it was given, without its secrets. */
  readonly account: CredAccount;
  /** Some of its secrets were never given, or can't be opened any more. */
  readonly secretsMissing: boolean;
  readonly created: Date;
  readonly modified: Date;
}

/** Accounts at target platforms. Their secrets go in and come out for a publisher only. */
export class CloudAccountStore {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #clock: Clock;

  constructor(database: Database, vault: Vault, clock: Clock) {
    this.#database = database;
    this.#vault = vault;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): CloudAccountRecord[] {
    return this.#database
      .prepare('SELECT * FROM cloud_account WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map((row) => this.#toRecord(row));
  }

  get(id: number): CloudAccountRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM cloud_account WHERE id = ?').get(id);
    return row && this.#toRecord(row);
  }

  /** @returns undefined when the owner has one of that name */
  create(ownerId: number, name: string, account: CredAccount): CloudAccountRecord | undefined {
    const now = this.#clock.now();
    return this.#database.transaction(() => {
      const row = this.#database
        .returning(
          `INSERT INTO cloud_account (owner_id, name, account, secrets, created, modified)
           VALUES (?, ?, '', NULL, ?, ?) ON CONFLICT DO NOTHING RETURNING id`,
        )
        .get(ownerId, name, now, now);
      if (row === undefined) return undefined;
      const id = integer(row, 'id');
      this.#write(id, account);
      return this.get(id);
    });
  }

  /** Secrets that are not given again stay as they are. @returns undefined when another one has that name */
  update(id: number, name: string, account: CredAccount): CloudAccountRecord | undefined {
    return this.#database.transaction(() => {
      const { changes } = this.#database
        .prepare('UPDATE OR IGNORE cloud_account SET name = ?, modified = ? WHERE id = ?')
        .run(name, this.#clock.now(), id);
      if (changes === 0) return undefined;
      this.#write(id, withSecrets(account, this.#secrets(id)));
      return this.get(id);
    });
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM cloud_account WHERE id = ?').run(id);
  }

  /** The account with its secrets, for whoever talks to the platform. */
  withSecrets(id: number): CredAccount | undefined {
    const record = this.get(id);
    return record && withSecrets(record.account, this.#secrets(id));
  }

  #write(id: number, account: CredAccount): void {
    const secrets = secretsOf(account);
    const sealed =
      secrets === undefined ? null : this.#vault.seal(encodeJson('credAccount', secrets), aboutOf(id));
    this.#database
      .prepare('UPDATE cloud_account SET account = ?, secrets = ? WHERE id = ?')
      .run(encodeJson('credAccount', withoutSecrets(account)), sealed, id);
  }

  #secrets(id: number): CredAccount | undefined {
    const row = this.#database.prepare('SELECT secrets FROM cloud_account WHERE id = ?').get(id);
    const sealed = row && optionalText(row, 'secrets');
    const opened = sealed === undefined ? undefined : this.#vault.unseal(sealed, aboutOf(id));
    return opened === undefined ? undefined : decodeAs('credAccount', opened, 'application/json');
  }

  #toRecord(row: Row): CloudAccountRecord {
    const id = integer(row, 'id');
    return {
      id,
      ownerId: integer(row, 'owner_id'),
      name: text(row, 'name'),
      account: decodeAs('credAccount', text(row, 'account'), 'application/json'),
      secretsMissing: this.#secrets(id) === undefined,
      created: new Date(integer(row, 'created')),
      modified: new Date(integer(row, 'modified')),
    };
  }
}

function aboutOf(id: number): string {
  return `cloud account ${id}`;
}

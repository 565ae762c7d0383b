import type { Clock } from '../../uforge/clock.ts';
import { decodeAs, encodeJson } from '../../uforge/codec/codec.ts';
import { secretsOf, withSecrets, withoutSecrets, type CredAccount } from './cloudSecrets.ts';
import { date, integer, optional, text, type Column } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';
import type { Vault } from './vault.ts';

const account: Column<CredAccount> = {
  read: (value) => decodeAs('credAccount', text.read(value), 'application/json'),
  write: (value) => encodeJson('credAccount', value),
};

const columns = {
  id: integer,
  ownerId: integer,
  name: text,
  /** As it was given, without its secrets. */
  account,
  /** Sealed. */
  secrets: optional(text),
  created: date,
  modified: date,
};

/** An account with its secrets sealed, as they are kept. */
export interface CloudAccountRecord extends RowOf<typeof columns> {
  /** Some of its secrets were never given, or can't be opened any more. */
  readonly secretsMissing: boolean;
}

/** Accounts at target platforms. Their secrets go in and come out for a publisher only. */
export class CloudAccountStore extends Table<typeof columns, CloudAccountRecord> {
  readonly #vault: Vault;

  constructor(database: Database, vault: Vault, clock: Clock) {
    super(database, clock, 'cloud_account', columns);
    this.#vault = vault;
  }

  ofOwner(ownerId: number): CloudAccountRecord[] {
    return this.where('owner_id = ?', ownerId);
  }

  /** @returns undefined when the owner has one of that name */
  create(ownerId: number, name: string, account: CredAccount): CloudAccountRecord | undefined {
    return this.database.transaction(() => {
      const made = this.insertNew({ ownerId, name, account: withoutSecrets(account) });
      return made && this.#write(made.id, name, account);
    });
  }

  /** Secrets that are not given again stay as they are. @returns undefined when another one has that name */
  change(id: number, name: string, account: CredAccount): CloudAccountRecord | undefined {
    const before = this.get(id);
    if (before === undefined) return undefined;
    const others = this.where('owner_id = ? AND name = ? AND id <> ?', before.ownerId, name, id);
    if (others.length > 0) return undefined;
    return this.#write(id, name, withSecrets(account, this.#open(before)));
  }

  /** The account with its secrets, for whoever talks to the platform. */
  withSecrets(id: number): CredAccount | undefined {
    const record = this.get(id);
    return record && withSecrets(record.account, this.#open(record));
  }

  protected override toRecord(row: RowOf<typeof columns>): CloudAccountRecord {
    return { ...row, secretsMissing: this.#open(row) === undefined };
  }

  #write(id: number, name: string, account: CredAccount): CloudAccountRecord | undefined {
    const given = secretsOf(account);
    const secrets = given && this.#vault.seal(encodeJson('credAccount', given), aboutOf(id));
    this.update(id, { name, account: withoutSecrets(account), secrets });
    return this.get(id);
  }

  #open({ id, secrets }: RowOf<typeof columns>): CredAccount | undefined {
    const opened = secrets === undefined ? undefined : this.#vault.unseal(secrets, aboutOf(id));
    return opened === undefined ? undefined : decodeAs('credAccount', opened, 'application/json');
  }
}

function aboutOf(id: number): string {
  return `cloud account ${id}`;
}

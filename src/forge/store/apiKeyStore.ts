import { randomBytes } from 'node:crypto';
import type { Clock } from '../../uforge/clock.ts';
import type { Database } from './database.ts';
import { integer, optionalInteger, optionalText, text, type Row } from './columns.ts';
import type { Vault } from './vault.ts';

export interface ApiKeyRecord {
  readonly id: number;
  readonly ownerId: number;
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly publicKey: string;
  readonly created: Date;
  readonly modified: Date;
}

/** What a user may say about a pair; the keys themselves are made here. */
export type ApiKeyWords = Pick<ApiKeyRecord, 'name' | 'description'>;

/** API key pairs. The secret key must be known to check a signature, so it is sealed, not hashed. */
export class ApiKeyStore {
  readonly #database: Database;
  readonly #vault: Vault;
  readonly #clock: Clock;

  constructor(database: Database, vault: Vault, clock: Clock) {
    this.#database = database;
    this.#vault = vault;
    this.#clock = clock;
  }

  ofOwner(ownerId: number): ApiKeyRecord[] {
    return this.#database
      .prepare('SELECT * FROM api_key WHERE owner_id = ? ORDER BY id')
      .all(ownerId)
      .map(toRecord);
  }

  get(id: number): ApiKeyRecord | undefined {
    const row = this.#database.prepare('SELECT * FROM api_key WHERE id = ?').get(id);
    return row && toRecord(row);
  }

  /**
   * The only time the secret key is told.
   * @param supervisorId who makes it for the owner; undefined when that is the owner
   */
  create(
    ownerId: number,
    words: ApiKeyWords,
    supervisorId?: number,
  ): { readonly record: ApiKeyRecord; readonly secretKey: string } {
    const now = this.#clock.now();
    const publicKey = randomBytes(48).toString('base64url');
    const secretKey = randomBytes(48).toString('base64url');
    const row = this.#database
      .returning(
        `INSERT INTO api_key (owner_id, supervisor_id, name, description, public_key, secret, created, modified)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(
        ownerId,
        supervisorId ?? null,
        words.name ?? null,
        words.description ?? null,
        publicKey,
        this.#vault.seal(secretKey, publicKey),
        now,
        now,
      );
    if (row === undefined) throw new Error('SQLite did not return the API key it stored.');
    return { record: toRecord(row), secretKey };
  }

  update(id: number, words: ApiKeyWords): void {
    this.#database
      .prepare('UPDATE api_key SET name = ?, description = ?, modified = ? WHERE id = ?')
      .run(words.name ?? null, words.description ?? null, this.#clock.now(), id);
  }

  delete(id: number): void {
    this.#database.prepare('DELETE FROM api_key WHERE id = ?').run(id);
  }

  /**
   * What a signature with that public key is checked with, whose it is, and which supervisor made it for
   * them.
   */
  secretOf(publicKey: string): SigningKey | undefined {
    const row = this.#database.prepare('SELECT * FROM api_key WHERE public_key = ?').get(publicKey);
    if (row === undefined) return undefined;
    const secretKey = this.#vault.unseal(text(row, 'secret'), publicKey);
    if (secretKey === undefined) return undefined;
    return {
      secretKey,
      ownerId: integer(row, 'owner_id'),
      supervisorId: optionalInteger(row, 'supervisor_id'),
    };
  }
}

export interface SigningKey {
  readonly secretKey: string;
  readonly ownerId: number;
  readonly supervisorId: number | undefined;
}

function toRecord(row: Row): ApiKeyRecord {
  return {
    id: integer(row, 'id'),
    ownerId: integer(row, 'owner_id'),
    name: optionalText(row, 'name'),
    description: optionalText(row, 'description'),
    publicKey: text(row, 'public_key'),
    created: new Date(integer(row, 'created')),
    modified: new Date(integer(row, 'modified')),
  };
}

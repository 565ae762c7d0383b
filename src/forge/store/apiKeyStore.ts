import { randomBytes } from 'node:crypto';
import type { Clock } from '../../uforge/clock.ts';
import { date, integer, optional, text } from './columns.ts';
import type { Database } from './database.ts';
import { Table, type RowOf } from './table.ts';
import type { Vault } from './vault.ts';

const columns = {
  id: integer,
  ownerId: integer,
  /** Who made it for the owner; undefined when that was the owner. */
  supervisorId: optional(integer),
  name: optional(text),
  description: optional(text),
  publicKey: text,
  /** Sealed. */
  secret: text,
  created: date,
  modified: date,
};

export type ApiKeyRecord = RowOf<typeof columns>;

/** What a user may say about a pair; the keys themselves are made here. */
export type ApiKeyWords = Pick<ApiKeyRecord, 'name' | 'description'>;

/** API key pairs. The secret key must be known to check a signature, so it is sealed, not hashed. */
export class ApiKeyStore extends Table<typeof columns> {
  readonly #vault: Vault;

  constructor(database: Database, vault: Vault, clock: Clock) {
    super(database, clock, 'api_key', columns);
    this.#vault = vault;
  }

  ofOwner(ownerId: number): ApiKeyRecord[] {
    return this.where('owner_id = ?', ownerId);
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
    const publicKey = randomBytes(48).toString('base64url');
    const secretKey = randomBytes(48).toString('base64url');
    const secret = this.#vault.seal(secretKey, publicKey);
    return { record: this.insert({ ownerId, supervisorId, ...words, publicKey, secret }), secretKey };
  }

  change(id: number, words: ApiKeyWords): void {
    this.update(id, words);
  }

  /**
   * What a signature with that public key is checked with, whose it is, and which supervisor made it for
   * them.
   */
  secretOf(publicKey: string): SigningKey | undefined {
    const [record] = this.where('public_key = ?', publicKey);
    if (record === undefined) return undefined;
    const { secret, ownerId, supervisorId } = record;
    const secretKey = this.#vault.unseal(secret, publicKey);
    return secretKey === undefined ? undefined : { secretKey, ownerId, supervisorId };
  }
}

export interface SigningKey {
  readonly secretKey: string;
  readonly ownerId: number;
  readonly supervisorId: number | undefined;
}

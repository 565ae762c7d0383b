import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isSystemError } from '../../uforge/systemError.ts';
import { StartError } from '../process/startError.ts';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/**
 * Seals what the forge has to keep and must not show: secrets of cloud accounts and API keys. The key lies
 * beside the database, for its owner only, so that neither the database nor a copy of it tells a secret by
 * itself.
 */
export class Vault {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Reads the key, or makes one. Only the holder of the data folder's lock may call this. */
  static open(keyFile: string): Vault {
    try {
      writeFileSync(keyFile, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
    }
    const isFile = statSync(keyFile).isFile();
    if (isFile) chmodSync(keyFile, 0o600);
    const key = Buffer.from(isFile ? readFileSync(keyFile, 'utf8').trim() : '', 'base64url');
    if (key.length !== 32) {
      throw new StartError(
        `${keyFile} holds no key. Move it away: the secrets it opened have to be given again.`,
      );
    }
    return new Vault(key);
  }

  /** @param about what it belongs to: a sealed text opens in its own place only */
  seal(secret: string, about: string): string {
    const nonce = randomBytes(nonceLength);
    const cipher = createCipheriv(algorithm, this.#key, nonce).setAAD(Buffer.from(about));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  /** 32 bytes that nobody can guess who does not have the key, the same for the same purpose. */
  derive(purpose: string): Buffer {
    return createHmac('sha256', this.#key).update(purpose).digest();
  }

  /** @returns undefined when it was sealed with another key, or has been moved or changed */
  unseal(sealed: string, about: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < nonceLength + tagLength) return undefined;
    const decipher = createDecipheriv(algorithm, this.#key, bytes.subarray(0, nonceLength), {
      authTagLength: tagLength,
    }).setAAD(Buffer.from(about));
    try {
      decipher.setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      return (
        decipher.update(bytes.subarray(nonceLength + tagLength), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      return undefined;
    }
  }
}

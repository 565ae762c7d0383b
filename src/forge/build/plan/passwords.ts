import { createHash } from 'node:crypto';
import { encrypt } from 'unixcrypt';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A password as /etc/shadow has it: SHA-512 crypt (crypt(5)), which every Debian reads. The salt comes from whose
 * password it is instead of from chance: the same request makes the same image. It must not come from the password:
 * a salt that does can be guessed at much faster than the hash.
 */
export function hashPassword(password: string, ...whose: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(whose)).digest();
  const salt = [...digest.subarray(0, 16)].map((byte) => alphabet[byte & 63] ?? '.').join('');
  return encrypt(password, `$6$${salt}`);
}

import { createHash } from 'node:crypto';
import { encrypt } from 'unixcrypt';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A password as /etc/shadow has it: SHA-512 crypt (crypt(5)), which every Debian reads. The salt comes from `seed`
 * instead of from chance: the same request makes the same image.
 */
export function hashPassword(password: string, seed: string): string {
  const digest = createHash('sha256').update(seed).digest();
  const salt = [...digest.subarray(0, 16)].map((byte) => alphabet[byte & 63] ?? '.').join('');
  return encrypt(password, `$6$${salt}`);
}

import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A yescrypt setting (crypt(5), Debian's default) for a password. The salt comes from the password and the machine's
 * id instead of from chance: the same request makes the same image, and no two appliances share a salt.
 */
export function passwordSetting(id: string, user: string, password: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([id, user, password]))
    .digest();
  const salt = [...hash.subarray(0, 21)].map((byte) => alphabet[byte & 63]).join('');
  // The 22nd character holds the last two of 128 bits.
  return `$y$j9T$${salt}${alphabet[(hash[21] ?? 0) & 3] ?? '.'}`;
}

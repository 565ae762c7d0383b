import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { isTooLongPassword, longestPassword } from '../../appliance/catalog/passwordLimit.ts';
import { threadProgram } from '../threadProgram.ts';
import type { ToHash } from './hasher.ts';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface PlainPassword {
  readonly password: string;
  /** Who it is of: what its salt comes from. */
  readonly whose: readonly string[];
}

/**
 * Passwords as /etc/shadow has them: SHA-512 crypt (crypt(5)), which every Debian reads. The salt comes from whose
 * password it is instead of from chance: the same request makes the same image. It must not come from the password:
 * a salt that does can be guessed at much faster than the hash.
 *
 * Each takes some 20 ms, in a thread of their own: whoever waits for anything else does not wait for them.
 * @throws for a password longer than can be logged in with, before anything is hashed
 */
export async function hashPasswords(secrets: readonly PlainPassword[]): Promise<readonly string[]> {
  if (secrets.some(({ password }) => isTooLongPassword(password))) {
    throw new Error(`A password is longer than ${longestPassword} bytes.`);
  }
  if (secrets.length === 0) return [];
  const workerData = secrets.map(({ password, whose }): ToHash => [password, `$6$${saltOf(whose)}`]);
  const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };
  const thread = new Worker(threadProgram('hasher', import.meta.url), { workerData, resourceLimits });
  try {
    const [hashes] = (await once(thread, 'message')) as [readonly string[]];
    return hashes;
  } finally {
    await thread.terminate();
  }
}

function saltOf(whose: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(whose)).digest();
  return [...digest.subarray(0, 16)].map((byte) => alphabet[byte & 63] ?? '.').join('');
}

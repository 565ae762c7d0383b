import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** 32 MB and some 60 ms for each guess. Kept with the hash, so that it can grow. */
const cost = { N: 2 ** 15, r: 8, p: 1 };
const keyLength = 32;

/** What is kept of a password: `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password.normalize('NFC'), salt, keyLength, withMemory(cost));
  const { N, r, p } = cost;
  return ['scrypt', N, r, p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

async function isPassword(password: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt = '', key = ''] = hash.split('$');
  if (kind !== 'scrypt') throw new Error('The database holds a password in an unknown form.');
  const expected = Buffer.from(key, 'base64url');
  const parameters = withMemory({ N: Number(N), r: Number(r), p: Number(p) });
  const given = await derive(
    password.normalize('NFC'),
    Buffer.from(salt, 'base64url'),
    expected.length,
    parameters,
  );
  return timingSafeEqual(given, expected);
}

function withMemory(parameters: { N: number; r: number; p: number }) {
  return { ...parameters, maxmem: 256 * parameters.N * parameters.r };
}

/** How many verified passwords are remembered. */
const capacity = 64;

/**
 * Checks passwords against their hashes. One that was right is remembered (as an HMAC with a key of this
 * process), because every request of a poller brings it; a changed hash is another question. Guesses wait for
 * each other: many at once cost no more than one processor.
 */
export class PasswordChecker {
  readonly #key = randomBytes(32);
  readonly #verified = new Map<string, Buffer>();
  #queue: Promise<unknown> = Promise.resolve();
  /** What unknown users are checked against, so that they take as long as known ones. */
  readonly #nobody = hashPassword(randomBytes(16).toString('hex'));

  /** Whether it was right before and still is: that costs nothing to tell. */
  isKnown(password: string, hash: string | undefined): boolean {
    const known = hash === undefined ? undefined : this.#verified.get(hash);
    return known !== undefined && timingSafeEqual(known, this.#tagOf(password));
  }

  async check(password: string, hash: string | undefined): Promise<boolean> {
    if (this.isKnown(password, hash)) return true;
    const turn = this.#queue.then(async () => isPassword(password, hash ?? (await this.#nobody)));
    this.#queue = turn.catch(() => undefined);
    const right = (await turn) && hash !== undefined;
    if (right) this.#remember(hash, this.#tagOf(password));
    return right;
  }

  #tagOf(password: string): Buffer {
    return createHmac('sha256', this.#key).update(password, 'utf8').digest();
  }

  #remember(hash: string, tag: Buffer): void {
    this.#verified.set(hash, tag);
    const [oldest] = this.#verified.keys();
    if (this.#verified.size > capacity && oldest !== undefined) this.#verified.delete(oldest);
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '../refusal.ts';

/** The one user of a local forge. */
export class Credentials {
  readonly user: string;
  readonly #digest: Buffer;

  constructor(user: string, password: string) {
    this.user = user;
    this.#digest = digestOf(user, password);
  }

  /** Checks HTTP Basic (RFC 7617, UTF-8). @throws {Refusal} 401 when it is missing, malformed or wrong */
  check(authorization: string | undefined): void {
    const token = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1];
    const text = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
    const colon = text?.indexOf(':') ?? -1;
    if (text === undefined || colon < 0) {
      throw unauthorized(
        authorization === undefined ? 'Credentials are needed.' : 'The credentials are malformed.',
      );
    }
    // Digests have one length, so that the comparison tells nothing by its time.
    const given = digestOf(text.slice(0, colon), text.slice(colon + 1));
    if (!timingSafeEqual(given, this.#digest)) throw unauthorized('The login or the password is wrong.');
  }
}

function digestOf(user: string, password: string): Buffer {
  return createHash('sha256').update(user).update('\0').update(password).digest();
}

function unauthorized(message: string): Refusal {
  return new Refusal('ERROR.AUTHENTICATION.INVALID', message, {
    headers: { 'www-authenticate': 'Basic realm="UForge", charset="UTF-8"' },
  });
}

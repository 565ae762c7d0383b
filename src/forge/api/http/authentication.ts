import { createHash, timingSafeEqual } from 'node:crypto';
import { signUri } from '../../../uforge/authorizer.ts';
import { decodePercent } from '../../../uforge/percent.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';
import type { ApiKeyStore } from '../../store/apiKeyStore.ts';
import type { UserRecord, UserStore } from '../../store/userStore.ts';
import { supervisorAccess, type Entitlement } from '../../accounts/entitlements.ts';
import { TooManyGuesses, type Guesser, type Guesses } from '../../accounts/passwordGuesses.ts';
import { PasswordChecker } from '../../accounts/loginHashes.ts';

/** A login whose password holds for this run of the forge only and is on no disk. */
export interface Session {
  readonly user: string;
  readonly password: string;
}

export interface AuthenticationInit {
  readonly users: UserStore;
  readonly apiKeys: ApiKeyStore;
  readonly session: Session;
  readonly guesses: Guesses;
}

/** What of a request tells who sends it. */
export interface Claims {
  readonly authorization: string | undefined;
  /**
   * Path and query as they were sent, relative to the base URL, without a leading slash: what an API key
   * signs.
   */
  readonly relativeUri: string;
  /** Where it comes from. */
  readonly address: string;
}

/** For whom a request acts, and who does if that is a supervisor. */
export interface Acting {
  readonly user: UserRecord;
  readonly supervisor: UserRecord | undefined;
}

/** Finds out who asks. */
export class Authentication {
  readonly #users: UserStore;
  readonly #apiKeys: ApiKeyStore;
  readonly #passwords = new PasswordChecker();
  readonly #guesses: Guesses;
  readonly #session: { readonly user: string; readonly digest: Buffer };

  constructor({ users, apiKeys, session, guesses }: AuthenticationInit) {
    this.#users = users;
    this.#apiKeys = apiKeys;
    this.#guesses = guesses;
    this.#session = { user: session.user, digest: digestOf(session.password) };
  }

  /** Whether the request says at all who sends it. */
  static isClaimed({ authorization, relativeUri }: Claims): boolean {
    return authorization !== undefined || signatureOf(relativeUri) !== undefined;
  }

  /** By HTTP Basic, or without it by the signature of an API key. @throws {Refusal} 401, 403 */
  async actingOf({ authorization, relativeUri, address }: Claims): Promise<Acting> {
    const signed = authorization === undefined ? signatureOf(relativeUri) : undefined;
    return signed === undefined ? await this.#basicUser(authorization, address) : this.#signedBy(signed);
  }

  /**
   * Checks HTTP Basic (RFC 7617, UTF-8) and gives the user the request acts for: the one who signed in, or
   * for `supervisor\user` that user. @throws {Refusal} 401 when it is missing, malformed or wrong; 403 for a
   * supervisor who is none
   */
  async #basicUser(authorization: string | undefined, address: string): Promise<Acting> {
    const { login, password } = basicOf(authorization);
    const backslash = login.indexOf('\\');
    const own = backslash < 0 ? login : login.slice(0, backslash);
    const user = this.#users.find(own);
    if (!(await this.#isRight({ login: own, address }, user, password)) || user === undefined) {
      throw unauthorized(sentence`The login or the password is wrong.`);
    }
    if (backslash < 0) return { user, supervisor: undefined };
    checkEntitled(user, [supervisorAccess]);
    const target = this.#users.find(login.slice(backslash + 1));
    if (target === undefined) throw unauthorized(sentence`There is no user ${login.slice(backslash + 1)}.`);
    return { user: target, supervisor: user };
  }

  /**
   * What is signed is all that was sent but the signature. Either encoding of the documentation will do:
   * base64 of the digest, or of its hexadecimal text, padded or not. A key that a supervisor made is good as
   * long as the supervisor is one.
   */
  #signedBy({ signed, publicKey, signature }: Signed): Acting {
    const key = this.#apiKeys.secretOf(decodePercent(publicKey));
    const given = Buffer.from(decodePercent(signature).replace(/=+$/, ''));
    const isRight = (['raw', 'hex'] as const).some((encoding) => {
      const right = Buffer.from(signUri(signed, key?.secretKey ?? '', encoding).replace(/=+$/, ''));
      return right.length === given.length && timingSafeEqual(right, given);
    });
    const user = key && this.#users.get(key.ownerId);
    if (!isRight || user === undefined) throw unauthorized(sentence`The API key or the signature is wrong.`);
    if (key?.supervisorId === undefined) return { user, supervisor: undefined };
    const supervisor = this.#users.get(key.supervisorId);
    if (!supervisor?.entitlements.has(supervisorAccess)) {
      throw unauthorized(sentence`The API key was made by a supervisor who is none any more.`);
    }
    return { user, supervisor };
  }

  async #isRight(who: Guesser, user: UserRecord | undefined, password: string): Promise<boolean> {
    // Digests have one length, so that the comparison tells nothing by its time.
    const isSession = timingSafeEqual(digestOf(password), this.#session.digest);
    if (isSession && user?.login === this.#session.user) return true;
    if (this.#passwords.isKnown(password, user?.password)) return true;
    try {
      return await this.#guesses.check(who, password, () => this.#passwords.check(password, user?.password));
    } catch (error) {
      if (!(error instanceof TooManyGuesses)) throw error;
      throw new Refusal(
        'ERROR.AUTHENTICATION.TOO_MANY',
        sentence`Too many passwords are being tried. Try again in a while; API keys and those signed in are not affected.`,
        { headers: { 'retry-after': '10' }, cause: error },
      );
    }
  }
}

/** @throws {Refusal} 403 that names what is missing; one of `wanted` is enough */
export function checkEntitled(user: UserRecord, wanted: readonly string[]): void {
  if (wanted.length === 0 || wanted.some((name) => user.entitlements.has(name as Entitlement))) return;
  throw new Refusal(
    'ERROR.AUTHORIZATION.ENTITLEMENT',
    sentence`${user.login} is not entitled to this: it takes ${wanted.join(' or ')}.`,
    { parameters: wanted },
  );
}

/** A request with the signature of an API key, still percent-encoded. */
interface Signed {
  /** Path and query without the signature, in the order they were sent. */
  readonly signed: string;
  readonly publicKey: string;
  readonly signature: string;
}

/** Undefined without exactly one key and one signature, wherever they are in the query. */
function signatureOf(relativeUri: string): Signed | undefined {
  const [path = '', query] = relativeUri.split(/\?(.*)/s);
  const parameters = (query ?? '').split('&');
  const valuesOf = (name: string): string[] =>
    parameters.filter((each) => each.startsWith(name)).map((each) => each.slice(name.length));
  const [publicKey, otherKey] = valuesOf('apiKey=');
  const [signature, otherSignature] = valuesOf('signature=');
  if (publicKey === undefined || signature === undefined) return undefined;
  if (otherKey !== undefined || otherSignature !== undefined) return undefined;
  const rest = parameters.filter((each) => !each.startsWith('signature='));
  return { signed: `${path}?${rest.join('&')}`, publicKey, signature };
}

function basicOf(authorization: string | undefined): { readonly login: string; readonly password: string } {
  const token = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '')?.[1];
  const text = token === undefined ? undefined : Buffer.from(token, 'base64').toString('utf8');
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 0) {
    throw unauthorized(
      authorization === undefined
        ? sentence`Credentials are needed.`
        : sentence`The credentials are malformed.`,
    );
  }
  return { login: text.slice(0, colon), password: text.slice(colon + 1) };
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

export function unauthorized(sentence: Sentence): Refusal {
  return new Refusal('ERROR.AUTHENTICATION.INVALID', sentence, {
    headers: { 'www-authenticate': 'Basic realm="UForge", charset="UTF-8"' },
  });
}

import { hash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { MediaType } from '../../../uforge/codec/codec.ts';
import type { DtoAnswer } from './answer.ts';
import { Remembered } from './remembered.ts';

/** An answer that was given, with all it takes to give it again. */
export interface Given {
  readonly answer: DtoAnswer;
  readonly mediaType: MediaType;
  readonly lastChanged: Date | undefined;
}

/** Headers that ask for more than the short way does. */
const longWay = ['prefer', 'content-length', 'transfer-encoding'];

/**
 * The short way for a request that was answered already: the same target, the same types and the same credentials, and
 * nothing has changed in the database since. Who may ask for what is in the database too, so that a changed password, a
 * revoked key and a lost entitlement end the short way like any other change, made by this process or another.
 */
export class Shortcut {
  readonly #revisionNow: () => string;
  readonly #given: Remembered<Given>;
  /** Credentials are kept as a digest that is of no use elsewhere. */
  readonly #salt = randomBytes(32).toString('hex');

  constructor(revisionNow: () => string) {
    this.#revisionNow = revisionNow;
    this.#given = new Remembered(revisionNow);
  }

  /** The same text for the same request only; undefined for one that changes something, waits or has a body. */
  keyOf({ method, url = '', headers }: IncomingMessage): string | undefined {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (longWay.some((name) => headers[name] !== undefined)) return undefined;
    const { authorization = '', accept = '' } = headers;
    // No part can hold a line break: the parts of two requests never run into each other.
    return hash('sha256', `${this.#salt}\n${authorization}\n${accept}\n${url}`);
  }

  find(key: string | undefined): Given | undefined {
    return key === undefined ? undefined : this.#given.find(key);
  }

  /**
   * Begins before the request's credentials are looked at. @returns what keeps the answer, if nothing has changed
   * meanwhile
   */
  begin(key: string | undefined): (given: Given) => void {
    if (key === undefined) return () => undefined;
    const revision = this.#revisionNow();
    return (given) => this.#given.keep(key, given, revision);
  }
}

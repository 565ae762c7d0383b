import type { IncomingMessage } from 'node:http';
import { sentence } from '../../../uforge/language/sentence.ts';
import { notFound } from '../refusal.ts';
import type { Claims } from './authentication.ts';

/** Every path of the API begins with it. */
export const rootContext = '/api';

/** What a request asks for. */
export interface Target {
  /** As it was sent, still percent-encoded: `..` means nothing here, clients resolve it themselves. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** What of it tells who sends it. @param address where it comes from */
export function claimsOf({ url = '', headers }: IncomingMessage, address: string): Claims {
  const below = `${rootContext}/`;
  const relativeUri = url.slice(Math.max(0, url.indexOf(below)) + below.length).replace(/^\/+/, '');
  return { authorization: headers.authorization, relativeUri, address };
}

/** Takes the absolute form, which proxies send, too (RFC 9112, 3.2). */
export function targetOf({ url = '/' }: IncomingMessage): Target {
  const [path = '', ...query] = url.replace(/^https?:\/\/[^/?]*/i, '').split('?');
  return { path, query: new URLSearchParams(query.join('?')) };
}

/** The path relative to the base URL, with one leading slash, also where that had one at its end. */
export function pathBelow(path: string): string {
  if (path.startsWith(`${rootContext}/`)) return path.slice(rootContext.length).replace(/^\/+/, '/');
  throw notFound(sentence`There is nothing at ${path}. The API is at ${rootContext}.`);
}

/** What the work gives, or undefined when it throws. */
export function safely<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

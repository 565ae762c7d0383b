import type { IncomingHttpHeaders } from 'node:http';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';

/**
 * Refuses what a web page sends, before anything is done for it: one whose name points to 127.0.0.1 (DNS
 * rebinding), and any page of another origin, which could send a request without reading its answer. Programs
 * send no origin.
 * @throws {Refusal} 403
 */
export function checkSite(headers: IncomingHttpHeaders, port: number): void {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!own.includes((headers.host ?? '').toLowerCase())) {
    throw new Refusal(
      'ERROR.AUTHORIZATION.HOST',
      sentence`The forge is reached as 127.0.0.1 or localhost only.`,
    );
  }
  const { origin } = headers;
  const isOwnOrigin = origin === undefined || own.some((host) => origin.toLowerCase() === `http://${host}`);
  // Fetch Metadata (w3.org/TR/fetch-metadata): "none" is a person who typed the address.
  const site = headers['sec-fetch-site'];
  const isOwnSite = site === undefined || site === 'same-origin' || site === 'none';
  if (!isOwnOrigin || !isOwnSite) {
    throw new Refusal(
      'ERROR.AUTHORIZATION.ORIGIN',
      sentence`Web pages of other origins may not use the forge.`,
    );
  }
}

/** Whether it would ask a person for a password when it is challenged, whatever page made the request. */
export function isBrowser(headers: IncomingHttpHeaders): boolean {
  return (
    /^mozilla\//i.test(headers['user-agent'] ?? '') ||
    headers['sec-fetch-site'] !== undefined ||
    headers['sec-fetch-dest'] !== undefined
  );
}

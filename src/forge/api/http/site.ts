import type { IncomingHttpHeaders } from 'node:http';
import { reachedAs, type Listening } from '../../process/listening.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { Refusal } from '../refusal.ts';

/**
 * Refuses what a web page sends, before anything is done for it: one whose name points to the forge (DNS
 * rebinding), and any page of another origin, which could send a request without reading its answer. Programs
 * send no origin. Names that were given for the network hold for any port: a proxy has its own.
 * @param port where it listens
 * @throws {Refusal} 403
 */
export function checkSite(headers: IncomingHttpHeaders, listening: Listening, port: number): void {
  const isOwn = (host: string): boolean =>
    host === `127.0.0.1:${port}` ||
    host === `localhost:${port}` ||
    listening.names.includes(host.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1'));
  if (!isOwn((headers.host ?? '').toLowerCase())) {
    throw new Refusal(
      'ERROR.AUTHORIZATION.HOST',
      listening.names.length === 0
        ? sentence`The forge is reached as 127.0.0.1 or localhost only.`
        : sentence`The forge is not reached by that name. It is ${reachedAs(listening)}; --name gives it another.`,
    );
  }
  const { origin } = headers;
  // TLS may be spoken by a proxy in front.
  const scheme = listening.tls !== undefined || listening.trustedProxies.length > 0 ? 'https://' : 'http://';
  const isOwnOrigin =
    origin === undefined ||
    (origin.toLowerCase().startsWith(scheme) && isOwn(origin.toLowerCase().slice(scheme.length)));
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

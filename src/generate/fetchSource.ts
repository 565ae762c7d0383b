import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { sentence } from '../uforge/language/sentence.ts';
import { messageOf } from '../uforge/messageOf.ts';
import { proxyFor } from '../uforge/proxy.ts';
import type { TransportResponse } from '../uforge/transport/transport.ts';
import { createUndiciTransport } from '../uforge/transport/undiciTransport.ts';
import { fetchByFtp } from './fetchByFtp.ts';
import { isKept, keep, readKept, tooLarge, type SourcePlace } from './keptSource.ts';
import { assertOfTheWeb, lookupOfTheWeb } from './ofTheWeb.ts';

/** The file behind an address a template names, on this computer. @throws {UnreadableFile} */
export type FetchSource = (address: string, signal?: AbortSignal) => Promise<string>;

export interface SourceOptions {
  /** Where what was fetched is kept, for this user only. */
  readonly folder?: string;
  /** Addresses that may lead into this computer or a private network, by what they begin with. */
  readonly allowed?: readonly string[];
  /** The proxy for an address; the environment's unless given. */
  readonly proxy?: (url: URL) => URL | string | undefined;
  /** Of one file. */
  readonly maxBytes?: number;
}

const mostRedirects = 5;
const ownFolder = join(homedir(), '.cache', 'appliance-forge', 'sources');

/**
 * Fetches what templates name by address, as hammr does, where they are packed: never on the side of a forge. What was
 * fetched before is asked for and not sent again while it stays the same. A template is a stranger's: it reaches the
 * web only, none of this computer's services and no private network, wherever names and redirects lead.
 */
export function sourceFetcher({
  folder = ownFolder,
  allowed = [],
  proxy = (url) => proxyFor(url, { env: process.env }),
  maxBytes = 512 * 1024 ** 2,
}: SourceOptions = {}): FetchSource {
  const isAllowed = (url: URL): boolean => allowed.some((start) => isBelowAddress(url, start));
  return async (address, signal) => {
    await makeFolder(folder, 0o700);
    const file = fileFor(address, folder);
    const kept = await readKept(file);
    const place = { file, address, maxBytes };
    let url = checked(address, address);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const mayReachAll = isAllowed(url);
      if (!mayReachAll) await assertOfTheWeb(url, address);
      try {
        if (url.protocol === 'ftp:') {
          await fetchByFtp(url, { ...place, kept, mayReachAll, signal });
          return file;
        }
        const through = proxy(url);
        const lookup = mayReachAll ? undefined : lookupOfTheWeb;
        await using transport = createUndiciTransport({
          ...(through !== undefined && { proxy: through }),
          ...(lookup && through === undefined && { lookup }),
        });
        const headers = {
          'accept-encoding': 'identity',
          ...(kept.etag !== undefined && { 'if-none-match': kept.etag }),
          ...(kept.lastModified !== undefined && { 'if-modified-since': kept.lastModified }),
        };
        const request = { method: 'GET', url, headers, ...(signal && { signal }) } as const;
        const response = await transport.request(request);
        const { status } = response;
        const { location } = response.headers;
        if (status === 200) {
          await keepAnswer(response, url, place);
          return file;
        }
        // Nobody needs what it says besides, which may have no end: the connection is closed with the transport.
        if (status === 304) return file;
        if (status < 300 || status > 399 || location === undefined) {
          throw new UnreadableFile(sentence`“${address}” can’t be fetched: the server answers ${status}.`);
        }
        url = checked(new URL(location, url).href, address);
      } catch (error) {
        if (signal?.aborted === true || error instanceof UnreadableFile) throw error;
        throw new UnreadableFile(sentence`“${address}” can’t be fetched: ${messageOf(error)}`);
      }
    }
    throw new UnreadableFile(sentence`“${address}” can’t be fetched: it leads from one address to the next.`);
  };
}

/** What was fetched of an address last, for who must not wait for a network. */
export function keptSources(folder = ownFolder): FetchSource {
  return async (address) => {
    const file = fileFor(address, folder);
    if (await isKept(file)) return file;
    throw new UnreadableFile(
      sentence`“${address}” has not been fetched on this computer. Push the template.`,
    );
  };
}

function fileFor(address: string, folder: string): string {
  return join(folder, createHash('sha256').update(address).digest('hex'));
}

function checked(text: string, address: string): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:', 'ftp:'].includes(url.protocol)) {
    throw new UnreadableFile(
      sentence`“${address}” is no http, https or ftp address. Download the file and name it here by its path.`,
    );
  }
  if (url.username === '' && url.password === '') return url;
  throw new UnreadableFile(
    sentence`“${address.replace(/\/\/[^/]*@/, '//…@')}” has a login in it, which everybody who has the template could use. Download the file and name it here by its path.`,
  );
}

function isBelowAddress(url: URL, start: string): boolean {
  const allowed = URL.parse(start);
  return allowed !== null && url.origin === allowed.origin && url.pathname.startsWith(allowed.pathname);
}

async function keepAnswer({ headers, body }: TransportResponse, url: URL, place: SourcePlace): Promise<void> {
  const { address, maxBytes } = place;
  // What is there instead of a file: a page that asks for a login, or says that it has moved.
  if (/^text\/html\b/i.test(headers['content-type'] ?? '') && !/\.x?html?$/i.test(url.pathname)) {
    throw new UnreadableFile(sentence`“${address}” is answered with a web page. Correct the address.`);
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge(address, maxBytes);
  const { etag, 'last-modified': lastModified } = headers;
  const said = { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
  await keep(body, said, place);
}

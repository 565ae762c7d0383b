import { createHash, randomUUID } from 'node:crypto';
import { lookup as resolveName } from 'node:dns';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { isIP, type LookupFunction } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { UnreadableFile } from '../appliance/find/readRegularFile.ts';
import { whereBesidesTheWeb } from '../uforge/besidesTheWeb.ts';
import { makeFolder } from '../uforge/download/makeFolder.ts';
import { sentence } from '../uforge/language/sentence.ts';
import { messageOf } from '../uforge/messageOf.ts';
import { proxyFor } from '../uforge/proxy.ts';
import type { TransportResponse } from '../uforge/transport/transport.ts';
import { createUndiciTransport } from '../uforge/transport/undiciTransport.ts';
import { writeWhole } from '../uforge/writeWhole.ts';

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

/** What the server said of a file, to be asked whether that is still so. */
interface Kept {
  readonly etag?: string;
  readonly lastModified?: string;
}

const mostRedirects = 5;

/**
 * Fetches what templates name by address, as hammr does, where they are packed: never on the side of a forge. What was
 * fetched before is asked for and not sent again while it stays the same. A template is a stranger's: it reaches the
 * web only, none of this computer's services and no private network, wherever names and redirects lead.
 */
export function sourceFetcher({
  folder = join(homedir(), '.cache', 'appliance-forge', 'sources'),
  allowed = [],
  proxy = (url) => proxyFor(url, { env: process.env }),
  maxBytes = 512 * 1024 ** 2,
}: SourceOptions = {}): FetchSource {
  const isAllowed = (url: URL): boolean => allowed.some((start) => isBelowAddress(url, start));
  return async (address, signal) => {
    await makeFolder(folder, 0o700);
    const file = join(folder, createHash('sha256').update(address).digest('hex'));
    const kept = await readKept(file);
    let url = checked(address, address);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const mayReachAll = isAllowed(url);
      if (!mayReachAll) await assertOfTheWeb(url, address);
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
      const failed = (error: unknown): Error =>
        signal?.aborted === true || error instanceof UnreadableFile
          ? (error as Error)
          : new UnreadableFile(sentence`“${address}” can’t be fetched: ${messageOf(error)}`);
      try {
        const request = { method: 'GET', url, headers, ...(signal && { signal }) } as const;
        const response = await transport.request(request);
        const { status } = response;
        const { location } = response.headers;
        if (status === 200) {
          await store(response, { file, address, url, maxBytes });
          return file;
        }
        // Nobody needs what it says besides, which may have no end: the connection is closed with the transport.
        if (status === 304) return file;
        if (status < 300 || status > 399 || location === undefined) {
          throw new UnreadableFile(sentence`“${address}” can’t be fetched: the server answers ${status}.`);
        }
        url = checked(new URL(location, url).href, address);
      } catch (error) {
        throw failed(error);
      }
    }
    throw new UnreadableFile(sentence`“${address}” can’t be fetched: it leads from one address to the next.`);
  };
}

function checked(text: string, address: string): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new UnreadableFile(
      sentence`“${address}” is no http or https address. Download the file and name it here by its path.`,
    );
  }
  if (url.username === '' && url.password === '') return url;
  throw new UnreadableFile(
    sentence`“${address.replace(/\/\/[^/]*@/, '//…@')}” has a login in it, which everybody who has the template could use. Download the file and name it here by its path.`,
  );
}

/** A name that is an address itself is asked of nobody. */
async function assertOfTheWeb({ hostname }: URL, address: string): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLocalName = /(^|\.)(localhost|local|internal)\.?$/i.test(host);
  const where = isIP(host) === 0 ? undefined : await whereBesidesTheWeb(host);
  if (isLocalName || where !== undefined) throw new UnreadableFile(besidesTheWeb(address));
}

function besidesTheWeb(address: string) {
  return sentence`“${address}” leads to this computer or a private network, which a template may not reach. Download the file and name it here by its path, or allow the address (--allow-outside).`;
}

/** The addresses of a name, when all of them are of the web: checked where the connection is made. */
const lookupOfTheWeb: LookupFunction = (host, options, done) => {
  resolveName(host, { ...options, all: true }, (error, addresses) => {
    if (error !== null) {
      done(error, '', 0);
      return;
    }
    void Promise.all(addresses.map(({ address }) => whereBesidesTheWeb(address))).then((places) => {
      const [first] = addresses;
      const where = places.find((place) => place !== undefined);
      if (where !== undefined || first === undefined) done(new UnreadableFile(besidesTheWeb(host)), '', 0);
      else if (options.all === true) done(null, addresses);
      else done(null, first.address, first.family);
    });
  });
};

function isBelowAddress(url: URL, start: string): boolean {
  const allowed = URL.parse(start);
  return allowed !== null && url.origin === allowed.origin && url.pathname.startsWith(allowed.pathname);
}

async function store(
  { headers, body }: TransportResponse,
  to: { readonly file: string; readonly address: string; readonly url: URL; readonly maxBytes: number },
): Promise<void> {
  const { file, address, url, maxBytes } = to;
  const tooLarge = (): Error =>
    new UnreadableFile(sentence`“${address}” is larger than ${maxBytes / 1024 ** 2} MB.`);
  // What is there instead of a file: a page that asks for a login, or says that it has moved.
  if (/^text\/html\b/i.test(headers['content-type'] ?? '') && !/\.x?html?$/i.test(url.pathname)) {
    throw new UnreadableFile(sentence`“${address}” is answered with a web page. Correct the address.`);
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const part = `${file}.${randomUUID()}`;
  try {
    await using output = await open(part, 'wx', 0o600);
    let size = 0;
    for await (const chunk of body) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge();
      await output.write(chunk);
    }
    const { etag, 'last-modified': lastModified } = headers;
    const kept: Kept = {
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified }),
    };
    // Without what was said of the last one: nothing is taken for what it is not.
    await rm(`${file}.json`, { force: true });
    await rename(part, file);
    await writeWhole(`${file}.json`, JSON.stringify(kept));
  } finally {
    await rm(part, { force: true });
  }
}

async function readKept(file: string): Promise<Kept> {
  try {
    await stat(file);
    return JSON.parse(await readFile(`${file}.json`, 'utf8')) as Kept;
  } catch {
    return {};
  }
}

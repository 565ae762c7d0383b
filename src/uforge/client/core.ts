import type { Authorizer } from '../authorizer.ts';
import type { Clock } from '../clock.ts';
import { decodeAs, defaultBounds, emptyDto, encodeXml, mediaTypeIn } from '../codec/codec.ts';
import type { Long, RootName } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import type { CallOptions } from '../methods.ts';
import { operations, type Operation } from '../operations.ts';
import type { Transport, TransportResponse } from '../transport/transport.ts';
import { parseBaseUrl } from '../uris.ts';
import { discard, readText } from './body.ts';
import { Connection } from './connection.ts';
import { EtagCache, type CachedAnswer } from './etagCache.ts';
import { linkTarget } from './links.ts';
import { requestUri, type CallParams } from './requestUri.ts';
import { messageOf } from '../messageOf.ts';

export interface ClientOptions {
  /** With the root context, as `https://host/api`. */
  readonly baseUrl: string | URL;
  /** The login name in the paths; see `uidOfLogin`. */
  readonly uid: string;
  readonly authorizer: Authorizer;
  readonly transport: Transport;
  readonly clock: Clock;
  /** What errors are to be told in (`Accept-Language`); the server's own language when not said. */
  readonly language?: string;
}

/** What the client's methods are made of: one operation in, its answer out. */
export class ClientCore {
  readonly baseUrl: URL;
  readonly uid: string;
  readonly #authorizer: Authorizer;
  readonly #connection: Connection;
  readonly #answers = new EtagCache();

  constructor(options: ClientOptions) {
    this.baseUrl = parseBaseUrl(String(options.baseUrl));
    this.uid = options.uid;
    this.#authorizer = options.authorizer;
    this.#connection = new Connection({ ...options, baseUrl: this.baseUrl });
  }

  get serverVersion(): string | undefined {
    return this.#connection.serverVersion;
  }

  get templateKeys(): readonly string[] {
    return this.#connection.templateKeys;
  }

  get holdsRequests(): boolean {
    return this.#connection.holdsRequests;
  }

  resolve(relativeUri: string): URL {
    return new URL(`${this.baseUrl.href}${relativeUri.replace(/^\/+/, '')}`);
  }

  redact(text: string): string {
    return this.#authorizer.redact(text);
  }

  async imageLog(
    params: { readonly aid: Long; readonly itid: Long },
    options: CallOptions = {},
  ): Promise<string | undefined> {
    const operation = operations.machineImage_get;
    const relativeUri = requestUri(operation, this.uid, params);
    const link = await this.#get(relativeUri, 'application/xml', operation, options, async (ticket) => {
      await discard(ticket);
      return ticket.headers['link'];
    });
    const target = linkTarget(link, 'log');
    if (target === undefined) return undefined;
    const url = new URL(target, this.resolve(relativeUri));
    if (!url.href.startsWith(this.baseUrl.href)) {
      throw new UForgeError(
        'protocol',
        `The server says its build log is at ${url.host}, which is not the server.`,
      );
    }
    const logUri = url.href.slice(this.baseUrl.href.length);
    return await this.#get(logUri, 'text/plain', operation, options, (log) =>
      readText(log, defaultBounds.maxLength),
    );
  }

  /** One operation: what `Methods` promises for it. */
  async call(
    operation: Operation,
    params: CallParams,
    body: unknown,
    options: CallOptions = {},
  ): Promise<unknown> {
    const relativeUri = requestUri(operation, this.uid, params);
    const known =
      operation.method === 'GET' && operation.responseRoot && !options.fresh
        ? this.#answers.get(relativeUri)
        : undefined;
    const request = {
      method: operation.method,
      relativeUri,
      headers: {
        accept: operation.responseBytes ? '*/*' : 'application/xml',
        ...(known && { 'if-none-match': known.etag }),
        ...(options.waitSeconds !== undefined && { prefer: `wait=${options.waitSeconds}` }),
        ...(options.range !== undefined && { range: options.range }),
        ...(options.ifRange !== undefined && { 'if-range': options.ifRange }),
        ...contentType(operation),
      },
      body: bodyOf(operation, body),
      // A download key is a credential of its own, and an anonymous file server need not see the user's.
      withCredentials: !(operation.responseBytes && (params['downloadId'] ?? params['id']) !== undefined),
      entitlements: operation.entitlements,
      ...callOptions(options),
    };
    return await this.#connection.send(request, (response) =>
      this.#answer(operation, relativeUri, known, response),
    );
  }

  async #answer(
    operation: Operation,
    relativeUri: string,
    known: CachedAnswer | undefined,
    response: TransportResponse,
  ): Promise<unknown> {
    if (operation.responseBytes) return response;
    if (operation.responseRoot === undefined || (response.status === 304 && known)) {
      await discard(response);
      return known?.value;
    }
    const text = await readText(response, defaultBounds.maxLength);
    const value = this.#decode(operation, operation.responseRoot, text, response);
    const { etag } = response.headers;
    if (operation.method === 'GET') {
      if (etag === undefined) this.#answers.delete(relativeUri);
      else this.#answers.set(relativeUri, { etag, value });
    }
    return value;
  }

  #decode(operation: Operation, root: RootName, text: string, response: TransportResponse): unknown {
    if (text.trim() === '' && operation.method === 'DELETE') return emptyDto(root);
    const mediaType = mediaTypeIn(text, response.headers['content-type']);
    const detail = this.redact(text.slice(0, 65_536));
    const init = { status: response.status, detail };
    if (mediaType === undefined) {
      const type = response.headers['content-type'] ?? 'no media type';
      const message = `${this.baseUrl.host} answered with ${type} instead of XML. Is the server URL that of a UForge API?`;
      throw new UForgeError('protocol', message, init);
    }
    try {
      return decodeAs(root, text, mediaType);
    } catch (error) {
      const reason = messageOf(error);
      const message = `${this.baseUrl.host} gave an answer to ${operation.name} that can't be read. ${reason}`;
      // Not with the cause: it may quote the answer, and in it a secret.
      throw new UForgeError('protocol', this.redact(message), init);
    }
  }

  #get<T>(
    relativeUri: string,
    accept: string,
    { entitlements }: Operation,
    options: CallOptions,
    read: (response: TransportResponse) => Promise<T>,
  ): Promise<T> {
    const headers = { accept };
    const request = { method: 'GET', relativeUri, headers, withCredentials: true, entitlements } as const;
    return this.#connection.send({ ...request, ...callOptions(options) }, read);
  }
}

function callOptions(options: CallOptions): Pick<CallOptions, 'signal' | 'timeoutMs' | 'attempts'> {
  return { signal: options.signal, timeoutMs: options.timeoutMs, attempts: options.attempts };
}

function contentType(operation: Operation): Record<string, string> {
  if (operation.requestRoot) return { 'content-type': 'application/xml; charset=utf-8' };
  return operation.requestBytes ? { 'content-type': 'application/octet-stream' } : {};
}

function bodyOf(operation: Operation, body: unknown): Uint8Array | AsyncIterable<Uint8Array> | undefined {
  if (operation.requestRoot) return Buffer.from(encodeXml(operation.requestRoot, body as never), 'utf8');
  return operation.requestBytes ? (body as Uint8Array | AsyncIterable<Uint8Array>) : undefined;
}

import type { Authorizer } from '../authorizer.ts';
import type { Clock } from '../clock.ts';
import type { Transport, TransportRequest, TransportResponse } from '../transport/transport.ts';
import { failureOf } from './failure.ts';
import { withRetries } from './retry.ts';

/** One request, before credentials. */
export interface Request {
  readonly method: Exclude<TransportRequest['method'], 'PATCH'>;
  /** Relative to the base URL. */
  readonly relativeUri: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** False for what a key in the URI opens. */
  readonly withCredentials: boolean;
  readonly entitlements?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly attempts?: number | undefined;
}

interface ConnectionOptions {
  readonly baseUrl: URL;
  readonly authorizer: Authorizer;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly language?: string;
}

/** Silence that means a server is gone, ms. An import's upload is answered only when it has been unpacked. */
const defaultTimeoutMs = { GET: 30_000, HEAD: 30_000, DELETE: 60_000, PUT: 120_000, POST: 120_000 };
const defaultAttempts = 3;

/** One server as one user sees it: credentials on the way out, typed errors on the way in. */
export class Connection {
  readonly #options: ConnectionOptions;
  #serverVersion: string | undefined;
  #holdsRequests = false;
  #templateKeys: readonly string[] = [];

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  get serverVersion(): string | undefined {
    return this.#serverVersion;
  }

  get templateKeys(): readonly string[] {
    return this.#templateKeys;
  }

  get holdsRequests(): boolean {
    return this.#holdsRequests;
  }

  /**
   * Sends a request and resolves with what `read` makes of a 2xx or 304 answer. Safe requests are tried again
   * when the failure may pass, also one in the middle of the answer; others never, because the server may
   * have acted on them.
   */
  async send<T>(request: Request, read: (response: TransportResponse) => T | Promise<T>): Promise<T> {
    request.signal?.throwIfAborted();
    const safe = request.method === 'GET' || request.method === 'HEAD';
    return await withRetries(async () => read(await this.#sendOnce(request)), {
      clock: this.#options.clock,
      attempts: safe ? (request.attempts ?? defaultAttempts) : 1,
      signal: request.signal,
    });
  }

  async #sendOnce(request: Request): Promise<TransportResponse> {
    const { baseUrl, authorizer, transport, clock, language } = this.#options;
    const authorized = request.withCredentials
      ? authorizer.authorize(request.relativeUri)
      : { relativeUri: request.relativeUri, headers: {} };
    const url = new URL(`${baseUrl.href}${authorized.relativeUri}`);
    const response = await transport.request({
      method: request.method,
      url,
      headers: {
        'user-agent': 'appliance-forge',
        ...(language !== undefined && { 'accept-language': language }),
        ...request.headers,
        ...authorized.headers,
      },
      idleTimeoutMs: request.timeoutMs ?? defaultTimeoutMs[request.method],
      ...(request.body !== undefined && { body: request.body }),
      ...(request.signal && { signal: request.signal }),
    });
    if (request.headers['prefer'] !== undefined) {
      this.#holdsRequests = /\bwait\b/i.test(response.headers['preference-applied'] ?? '');
    }
    this.#serverVersion = response.headers['version'] ?? this.#serverVersion;
    this.#templateKeys = response.headers['template-keys']?.split(/, */) ?? this.#templateKeys;
    if ((response.status >= 200 && response.status < 300) || response.status === 304) return response;
    throw await failureOf(response, {
      method: request.method,
      url,
      entitlements: request.entitlements ?? [],
      redact: (text) => authorizer.redact(text),
      now: () => clock.now(),
    });
  }
}

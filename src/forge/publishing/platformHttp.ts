import { createReadStream } from 'node:fs';
import type { Clock } from '../../uforge/clock.ts';
import { withRetries } from '../../uforge/client/retry.ts';
import { UForgeError } from '../../uforge/errors.ts';
import { isPlainHttp } from '../../uforge/plainHttp.ts';
import { proxyFor } from '../../uforge/proxy.ts';
import type { Transport, TransportRequest, TransportResponse } from '../../uforge/transport/transport.ts';
import { createUndiciTransport } from '../../uforge/transport/undiciTransport.ts';
import { PlatformError } from './platformError.ts';

/** One request to a platform's server. */
export interface PlatformRequest {
  readonly method: TransportRequest['method'];
  readonly url: URL;
  /** What it is for, after “to”: `start an upload`. */
  readonly to: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or what makes them anew for every attempt. */
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  /** Status codes besides 2xx that are answers, too. */
  readonly accepts?: readonly number[];
  /** 1 for what must not be sent again by itself after a connection broke. */
  readonly attempts?: number;
  readonly signal: AbortSignal;
}

export interface PlatformAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const attempts = 4;
const largestAnswer = 8 * 1024 * 1024;
/** Servers that sum up what they were sent may be silent for long. */
const idleTimeoutMs = 300_000;
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** Names hosts, comma-separated, that accounts may be used with over http. */
const plainHosts = 'FORGE_PLAIN_HTTP_HOSTS';

/** HTTP to platforms: proxies of the environment, certificates checked, what passes tried again. */
export class PlatformHttp implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #env: NodeJS.ProcessEnv;
  readonly #transports = new Map<string, Transport>();

  constructor(clock: Clock, env: NodeJS.ProcessEnv) {
    this.#clock = clock;
    this.#env = env;
  }

  /** @throws {PlatformError} for an answer that is not among those expected, and for none */
  async send(request: PlatformRequest): Promise<PlatformAnswer> {
    const { signal, url } = request;
    this.#refusePlainHttp(url);
    try {
      const options = { clock: this.#clock, attempts: request.attempts ?? attempts, signal };
      return await withRetries(() => this.#once(request), options);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof UForgeError)) throw error;
      throw new PlatformError(
        error.kind === 'tls'
          ? `The certificate of ${url.host} can’t be accepted. If you trust it, name the file with its authority in NODE_EXTRA_CA_CERTS where the forge is started.`
          : error.message,
        { detail: error.detail, ...(error.status !== undefined && { status: error.status }), cause: error },
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#transports.values()].map((each) => each[Symbol.asyncDispose]()));
  }

  async #once(request: PlatformRequest): Promise<PlatformAnswer> {
    const { method, url, headers = {}, body, signal, accepts = [] } = request;
    const response = await this.#transportFor(url).request({
      ...{ method, url, headers, signal, idleTimeoutMs },
      ...(body && { body: typeof body === 'function' ? body() : body }),
    });
    const answer = { ...response, text: await textOf(response) };
    const { status } = answer;
    if ((status >= 200 && status < 300) || accepts.includes(status)) return answer;
    const refusal = refusalOf(request, answer);
    if (!passing.has(status)) throw refusal;
    const seconds = Number(answer.headers['retry-after']);
    throw new UForgeError('server', refusal.message, {
      status,
      detail: refusal.detail,
      ...(seconds > 0 && { retryAfterMs: seconds * 1000 }),
    });
  }

  #transportFor(url: URL): Transport {
    const proxy = proxyFor(url, { env: this.#env });
    const key = proxy?.href ?? '';
    const transport = this.#transports.get(key) ?? createUndiciTransport(proxy && { proxy });
    this.#transports.set(key, transport);
    return transport;
  }

  /** Everything that is sent here is sent with an account's secrets. */
  #refusePlainHttp(url: URL): void {
    const allowed = (this.#env[plainHosts] ?? '').split(',').map((each) => each.trim());
    if (!isPlainHttp(url) || allowed.includes(url.host) || allowed.includes(url.hostname)) return;
    throw new PlatformError(
      `${url.host} is asked over http, so others could read the account’s secrets on the way. Use https, or name the host in ${plainHosts} where the forge is started.`,
    );
  }
}

/** Where something lies, in bytes. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

/** A part of a file as the body of a request; `onBytes` is told how many more were read. */
export function partOfFile(
  path: string,
  { start, length }: Place,
  onBytes: (bytes: Uint8Array) => void,
): () => AsyncIterable<Uint8Array> {
  return async function* () {
    if (length === 0) return;
    const stream = createReadStream(path, { start, end: start + length - 1, highWaterMark: 1024 * 1024 });
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      onBytes(chunk);
      yield chunk;
    }
  };
}

/** The body of an answer as JSON; undefined where it is none. */
export function jsonOf({ text }: PlatformAnswer): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why it did not do what it was asked to. */
export function refusalOf(
  { url, to }: Pick<PlatformRequest, 'url' | 'to'>,
  { status, text }: Pick<PlatformAnswer, 'status' | 'text'>,
): PlatformError {
  return new PlatformError(sentenceOf(url.host, to, status), {
    detail: `HTTP ${status}\n${text.slice(0, 4000)}`.trim(),
    status,
  });
}

function sentenceOf(host: string, to: string, status: number): string {
  if (status === 401) return `${host} does not accept the account’s login.`;
  if (status === 403) return `${host} does not allow this account to ${to}.`;
  if (status === 413) return `${host} has no room left for this account: it refused to ${to}.`;
  if (status === 429) return `${host} was asked too often and refused to ${to}. Try again later.`;
  if (status >= 500) return `${host} could not ${to} (${status}). Try again later.`;
  return `${host} refused to ${to} (${status}).`;
}

async function textOf({ body, headers }: TransportResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer)
      throw new PlatformError('The answer is larger than any that is expected.', {
        detail: headers['content-type'] ?? '',
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

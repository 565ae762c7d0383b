import type * as Http from 'node:http';
import type * as Https from 'node:https';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UForgeError } from '../errors.ts';
import {
  defaultIdleTimeoutMs,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';
import { tlsTrust, type TlsTrust, type TrustOptions } from './authorities.ts';
import { joinHeaders, streamBody } from './body.ts';
import { connectionFailure } from './failure.ts';

interface Modules {
  readonly http: typeof Http;
  readonly https: typeof Https;
}

/**
 * Node's own HTTP. In VS Code's extension host that is patched and finds the system's proxy by itself (PAC,
 * Kerberos), which no library of ours could; hence no agent of our own here.
 */
export function createNodeTransport(options: TrustOptions = {}): Transport {
  // VS Code patches what `require('http')` gives an extension, under exactly this name: `import` and `node:`
  // miss it.
  const require = createRequire(import.meta.url);
  const modules: Modules = {
    http: require('http') as typeof Http,
    https: require('https') as typeof Https,
  };
  // Without a file of our own VS Code's choice of authorities stands.
  const own = options.caPem !== undefined || options.pinnedPem !== undefined;
  const trust = own ? tlsTrust(options) : undefined;
  const closing = new AbortController();
  return {
    request: (request) => send(modules, request, trust, closing.signal),
    [Symbol.asyncDispose]() {
      closing.abort();
      return Promise.resolve();
    },
  };
}

function send(
  { http, https }: Modules,
  request: TransportRequest,
  trust: TlsTrust | undefined,
  closing: AbortSignal,
): Promise<TransportResponse> {
  const { url, signal } = request;
  const timeout = request.idleTimeoutMs ?? defaultIdleTimeoutMs;
  const toError = (error: unknown): Error =>
    signal?.aborted ? (signal.reason as Error) : connectionFailure(error, url);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(toError(error));
    const options: Https.RequestOptions = {
      method: request.method,
      headers: { ...request.headers, ...lengthOf(request.body) },
      timeout,
      signal: signal ? AbortSignal.any([signal, closing]) : closing,
      ...trust,
    };
    const outgoing = (url.protocol === 'https:' ? https : http).request(url, options);
    let stream: Readable | Http.ClientRequest = outgoing;
    outgoing.on('timeout', () => {
      stream.destroy(new UForgeError('timeout', `${url.host} did not answer in time.`));
    });
    outgoing.on('error', fail);
    outgoing.on('response', (incoming) => {
      stream = incoming;
      resolve({
        status: incoming.statusCode ?? 0,
        headers: joinHeaders(incoming.headers),
        body: streamBody(incoming, toError),
      });
    });
    if (request.body === undefined) outgoing.end();
    else if (request.body instanceof Uint8Array) outgoing.end(request.body);
    else pipeline(Readable.from(request.body, { objectMode: false }), outgoing).catch(fail);
  });
}

function lengthOf(body: TransportRequest['body']): Record<string, string> {
  return body instanceof Uint8Array ? { 'content-length': String(body.byteLength) } : {};
}

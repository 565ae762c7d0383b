import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';
import type { Dispatcher } from 'undici';
import connectThrough from 'undici/lib/api/api-connect.js';
import sendRequest from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';
import {
  defaultIdleTimeoutMs,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from './transport.ts';
import { tlsTrust, type TrustOptions } from './authorities.ts';
import { joinHeaders, streamBody } from './body.ts';
import { connectionFailure } from './failure.ts';

interface UndiciTransportOptions extends TrustOptions {
  /**
   * Every request goes through it: CONNECT for https, absolute URIs for http. A login in it is sent to it.
   */
  readonly proxy?: string | URL;
  /** Longest wait for a connection, ms. */
  readonly connectTimeoutMs?: number;
  /** Looks names up instead of the system's; a proxy does so by itself. */
  readonly lookup?: LookupFunction;
}

/**
 * Our own HTTP: a dispatcher of its own, with its own proxy and certificates, whatever else the process does.
 */
export function createUndiciTransport(options: UndiciTransportOptions = {}): Transport {
  const proxy = options.proxy === undefined ? undefined : new URL(options.proxy);
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherFor = ({ protocol }: URL): Dispatcher => {
    const known = dispatchers.get(protocol);
    if (known) return known;
    const secure = protocol === 'https:' || proxy?.protocol === 'https:';
    const dispatcher = createDispatcher(options, proxy, secure);
    dispatchers.set(protocol, dispatcher);
    return dispatcher;
  };
  return {
    request: (request) => send(dispatcherFor(request.url), request, proxy),
    async [Symbol.asyncDispose]() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function createDispatcher(
  options: UndiciTransportOptions,
  proxy: URL | undefined,
  secure: boolean,
): Dispatcher {
  const { checkServerIdentity, ...trust } = secure ? tlsTrust(options) : {};
  const connect = {
    timeout: options.connectTimeoutMs ?? 15_000,
    ...(options.lookup && { lookup: options.lookup }),
    // One context for all connections: to read hundreds of authorities for each would be slow.
    ...(secure && { secureContext: createSecureContext(trust) }),
    ...(checkServerIdentity && { checkServerIdentity }),
  };
  if (proxy === undefined) return new Agent({ connect });
  return new ProxyAgent({
    uri: proxy.href,
    requestTls: connect,
    proxyTls: connect,
    proxyTunnel: false,
    // undici's index gives every dispatcher its methods; ProxyAgent needs this one of its client.
    clientFactory: (origin, settings) =>
      Object.assign(new Pool(origin, settings), { connect: connectThrough }),
  });
}

async function send(
  dispatcher: Dispatcher,
  request: TransportRequest,
  proxy: URL | undefined,
): Promise<TransportResponse> {
  const { url, signal } = request;
  const timeout = request.idleTimeoutMs ?? defaultIdleTimeoutMs;
  const toError = (error: unknown): Error =>
    signal?.aborted ? (signal.reason as Error) : connectionFailure(error, url, proxy);
  try {
    const response = await sendRequest.call(dispatcher, {
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: { ...request.headers },
      body: toBody(request.body),
      headersTimeout: timeout,
      bodyTimeout: timeout,
      ...(signal && { signal }),
    });
    return {
      status: response.statusCode,
      headers: joinHeaders(response.headers),
      body: streamBody(response.body, toError),
    };
  } catch (error) {
    throw toError(error);
  }
}

function toBody(body: TransportRequest['body']): Uint8Array | Readable | null {
  if (body === undefined) return null;
  return body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false });
}

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { basicAuthorizer, type Authorizer } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import type { Clock } from '../../../src/uforge/clock.ts';
import { encodeXml } from '../../../src/uforge/codec/codec.ts';
import type { DtoOfRoot, RootName } from '../../../src/uforge/dto.ts';
import type { Transport } from '../../../src/uforge/transport/transport.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';

/** A request as a server got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Loopback extends AsyncDisposable {
  /** With the base path `/api`. */
  readonly url: string;
  readonly origin: string;
  readonly port: number;
  readonly received: Received[];
}

export type Handler = (request: Received, response: ServerResponse) => unknown;

/** A real HTTP server on loopback. It reads every request to its end before `handler` answers it. */
export async function listen(handler: Handler): Promise<Loopback> {
  const received: Received[] = [];
  return await listenRaw(async (incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    const request = { method, url, headers, body: await buffer(incoming) };
    received.push(request);
    await handler(request, response);
  }, received);
}

async function listenRaw(
  listener: (...args: Parameters<RequestListener>) => Promise<void>,
  received: Received[],
): Promise<Loopback> {
  const server = createServer((incoming, response) => {
    listener(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/api`,
    origin,
    port,
    received,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a DTO as UForge does. */
export function answer<R extends RootName>(
  response: ServerResponse,
  root: R,
  dto: DtoOfRoot<R>,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(encodeXml(root, dto));
}

/** A clock that only moves when somebody waits for it, and then at once. */
export interface FakeClock extends Clock {
  readonly waits: number[];
}

export function fakeClock(): FakeClock {
  let now = Date.UTC(2026, 0, 1);
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    schedule(delayMs, callback) {
      waits.push(delayMs);
      let called = false;
      setImmediate(() => {
        if (called) return;
        now += delayMs;
        callback();
      });
      return { [Symbol.dispose]: () => (called = true) };
    },
  };
}

export const password = 'sesame & open';

export interface TestClient extends AsyncDisposable {
  readonly client: UForgeClient;
  readonly clock: FakeClock;
}

/** A client as the extension makes it, over a real transport. */
export function connect(
  baseUrl: string,
  options: { uid?: string; authorizer?: Authorizer; transport?: Transport; language?: string } = {},
): TestClient {
  const transport = options.transport ?? createUndiciTransport();
  const clock = fakeClock();
  const client = createClient({
    baseUrl,
    uid: options.uid ?? 'guest',
    authorizer: options.authorizer ?? basicAuthorizer('guest', password),
    transport,
    clock,
    ...(options.language !== undefined && { language: options.language }),
  });
  return { client, clock, [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose]() };
}

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server on which things go wrong when they are told to. */
export interface BadWay extends AsyncDisposable {
  readonly port: number;
  /** Bytes that clients have sent so far. */
  readonly sent: number;
  /** The beginnings of requests. */
  readonly requests: readonly string[];
  /** The connection that carries the byte of that number is broken there, once. */
  cutAt(byte: number): void;
  /** Nothing after the byte of that number gets through, until `release`. */
  holdAt(byte: number): Promise<void>;
  release(): void;
  /** Instead of the server an answer with this status code comes, for so many requests after that byte. */
  answer(status: number, times: number, after?: number): void;
}

/** TCP to a port of this computer, byte by byte. */
export async function badWayTo(port: number): Promise<BadWay> {
  let sent = 0;
  let cut = Infinity;
  let hold = Infinity;
  let reached = Promise.withResolvers<undefined>();
  let released = Promise.withResolvers<undefined>();
  let refusals = { status: 0, times: 0, after: 0 };
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
    }
    upstream.pipe(client);
    const carry = async (): Promise<void> => {
      let last = -1;
      for await (const chunk of client as AsyncIterable<Buffer>) {
        sent += chunk.length;
        const text = chunk.toString('latin1', 0, 4096);
        const isRequest = /^[A-Z]+ \S+ HTTP/.test(text);
        if (isRequest) last = requests.push(text) - 1;
        else if (last >= 0) requests[last] = `${requests[last] ?? ''}${text}`.slice(0, 4096);
        if (isRequest && refusals.times > 0 && sent > refusals.after) {
          refusals.times -= 1;
          client.end(`HTTP/1.1 ${refusals.status} No\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbusy`);
          return;
        }
        if (sent >= cut) {
          cut = Infinity;
          client.destroy();
          return;
        }
        if (sent >= hold) {
          reached.resolve(undefined);
          await released.promise;
        }
        if (!upstream.write(chunk)) await once(upstream, 'drain').catch(() => undefined);
      }
      upstream.end();
    };
    void carry().catch(() => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    get sent() {
      return sent;
    },
    cutAt: (byte) => {
      cut = byte;
    },
    holdAt: (byte) => {
      hold = byte;
      reached = Promise.withResolvers();
      released = Promise.withResolvers();
      return reached.promise;
    },
    release: () => {
      hold = Infinity;
      released.resolve(undefined);
    },
    answer: (status, times, after = 0) => {
      refusals = { status, times, after };
    },
    async [Symbol.asyncDispose]() {
      released.resolve(undefined);
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const upstream = 'http://deb.debian.org';

/**
 * A Debian mirror on loopback that keeps what it fetched, as an address of its own and as an HTTP proxy. For
 * measurements, so that the network is the same for all; for tests, because it can be slow and go away.
 */
export interface Mirror extends AsyncDisposable {
  /** For `http_proxy`. */
  readonly proxy: string;
  /** For `FORGE_MIRROR`. */
  readonly url: string;
  /** How often something had to be fetched from the network so far. */
  readonly misses: () => number;
  /** From now on packages are answered only when released; the index still is. */
  hold(): void;
  release(): void;
  /** Gone: every connection breaks, and there is nobody to connect to. */
  vanish(): Promise<void>;
  /** There again, at the same address. */
  comeBack(): Promise<void>;
}

/**
 * Packages are kept in the folder from run to run; the index is fetched anew in each, as it was when that
 * began.
 */
export async function startMirror(folder: string): Promise<Mirror> {
  let misses = 0;
  let held = Promise.withResolvers<undefined>();
  held.resolve(undefined);
  const absent = new Map<string, number>();
  await rm(join(folder, 'index'), { recursive: true, force: true });
  for (const name of ['index', 'pool']) await mkdir(join(folder, name), { recursive: true });

  /** Fetched unless it is there; what the mirror says when it has none. */
  const fetched = async (url: string, file: string): Promise<number> => {
    const known = (await stat(file).catch(() => undefined)) !== undefined ? 200 : absent.get(url);
    if (known !== undefined) return known;
    misses += 1;
    const answer = await fetch(url);
    if (answer.status !== 200 || answer.body === null) {
      absent.set(url, answer.status);
      return answer.status;
    }
    const temporary = `${file}.${randomUUID()}`;
    await pipeline(Readable.fromWeb(answer.body as never), createWriteStream(temporary));
    await rename(temporary, file);
    return 200;
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { href } = new URL(request.url ?? '', upstream);
    const kind = href.includes('/pool/') ? 'pool' : 'index';
    if (kind === 'pool') await held.promise;
    const file = join(folder, kind, createHash('sha256').update(href).digest('hex'));
    const status = await fetched(href, file);
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
    response.writeHead(200, { 'content-length': String((await stat(file)).size) });
    await pipeline(createReadStream(file, { highWaterMark: 2 ** 20 }), response);
  };
  const start = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => {
      answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return server;
  };
  let server = await start(0);
  const { port } = server.address() as AddressInfo;
  const vanish = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    proxy: `http://127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/debian`,
    misses: () => misses,
    hold: () => void (held = Promise.withResolvers<undefined>()),
    release: () => held.resolve(undefined),
    vanish,
    comeBack: async () => void (server = await start(port)),
    async [Symbol.asyncDispose]() {
      held.resolve(undefined);
      if (server.listening) await vanish();
    },
  };
}

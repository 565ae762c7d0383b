import { PassThrough } from 'node:stream';
import { promisify } from 'node:util';
import type { Client } from 'basic-ftp';
import { defaultIdleTimeoutMs } from '../uforge/transport/transport.ts';
import { keep, tooLarge, type Kept, type SourcePlace } from './keptSource.ts';
import { lookupOfTheWeb } from './ofTheWeb.ts';

interface FtpOptions extends SourcePlace {
  readonly kept: Kept;
  /** What its name leads to is not looked at. */
  readonly mayReachAll: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * Brings the file of an ftp address, without a login, unless size and date are those of what is kept. Data come from
 * the server that was asked: the library follows no answer to another host. There is no way through a proxy.
 */
export async function fetchByFtp(url: URL, options: FtpOptions): Promise<void> {
  const { kept, mayReachAll, signal, address, maxBytes } = options;
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const host = mayReachAll ? name : await addressOfTheWeb(name);
  // As every client has it: relative to where the server puts who comes.
  const path = decodeURIComponent(url.pathname).slice(1);
  const { Client } = await import('basic-ftp');
  signal?.throwIfAborted();
  const client = new Client(defaultIdleTimeoutMs);
  const stop = (): void => {
    client.close();
  };
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await client.access({ host, port: Number(url.port || 21) });
    const size = await client.size(path).catch(() => undefined);
    const date = await client.lastMod(path).catch(() => undefined);
    if (size !== undefined && size > maxBytes) throw tooLarge(address, maxBytes);
    const said = size !== undefined && date ? { etag: `${size} ${date.toISOString()}` } : {};
    if (said.etag !== undefined && said.etag === kept.etag) return;
    await keep(received(client, path), said, options);
  } catch (error) {
    // The library says that somebody has closed it.
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    client.close();
  }
}

/** Ends well only when the server has said that this was all. */
async function* received(client: Client, path: string): AsyncGenerator<Uint8Array> {
  const stream = new PassThrough();
  const sent = client.downloadTo(stream, path);
  sent.catch((error: unknown) => stream.destroy(error instanceof Error ? error : undefined));
  yield* stream as AsyncIterable<Uint8Array>;
  await sent;
}

async function addressOfTheWeb(name: string): Promise<string> {
  const found = await promisify(lookupOfTheWeb)(name, { order: 'ipv4first' });
  return typeof found === 'string' ? found : name;
}

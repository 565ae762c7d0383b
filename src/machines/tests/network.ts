import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { connect, isIP } from 'node:net';
import { sentence, type Sentence } from '../../uforge/language/sentence.ts';
import { messageOf } from '../../uforge/messageOf.ts';
import type { Seen } from './checks.ts';

const loopback = '127.0.0.1';
const quietMs = 3_000;
const answerMs = 30_000;
const mostBytes = 1024 * 1024;

/**
 * Whether something in the machine answers on a port. QEMU takes a connection before the machine does, so an open one
 * proves nothing: either the first byte comes, or the machine itself knows the connection.
 * @param isConnected asks the machine; undefined where there is no way in
 */
export async function answerOf(
  host: number,
  guest: number,
  isConnected: () => Promise<boolean | undefined>,
  signal?: AbortSignal,
): Promise<Seen> {
  const socket = connect(host, loopback);
  // Listened to from the first moment on, and told apart below.
  const heard = Promise.race([
    once(socket, 'data', {
      signal: AbortSignal.any([AbortSignal.timeout(quietMs), ...(signal ? [signal] : [])]),
    }).then(([bytes]) => (bytes as Buffer).toString('latin1').slice(0, 200)),
    once(socket, 'close').then(() => undefined),
  ]);
  heard.catch(() => undefined);
  try {
    // Some speak first, some only when spoken to: whoever does not know this says so.
    socket.write('GET / HTTP/1.0\r\n\r\n');
    const output = await heard;
    return output === undefined
      ? { ok: false, said: sentence`Nothing answers on port ${guest}.`, output: '' }
      : { ok: true, said: sentence`Port ${guest} answers.`, output };
  } catch {
    signal?.throwIfAborted();
    if (socket.destroyed) return { ok: false, said: sentence`Nothing answers on port ${guest}.`, output: '' };
    const known = await isConnected();
    const said =
      known === undefined
        ? sentence`Port ${guest} says nothing, and there is no way into the machine to look whether it listens.`
        : known
          ? sentence`Port ${guest} takes connections.`
          : sentence`Nothing answers on port ${guest}.`;
    return { ok: known === true, said, output: '' };
  } finally {
    socket.destroy();
  }
}

/** The port of the machine that an address means. */
export function portOf({ port, protocol }: URL): number {
  return Number(port) || (protocol === 'https:' ? 443 : 80);
}

type Answer = { readonly status: number; readonly body: string } | { readonly said: Sentence };

/** Asks the machine, through a port of this computer, as if for the address. */
export async function requestFrom(url: URL, host: number, signal?: AbortSignal): Promise<Answer> {
  const isHttps = url.protocol === 'https:';
  const options = {
    ...{ host: loopback, port: host, path: url.pathname + url.search, agent: false as const },
    headers: { host: url.host, connection: 'close' },
    signal: AbortSignal.any([AbortSignal.timeout(answerMs), ...(signal ? [signal] : [])]),
  };
  // Its certificate was made a moment ago, by nobody that anybody knows.
  const secure = { rejectUnauthorized: false, ...(isIP(url.hostname) === 0 && { servername: url.hostname }) };
  const sent = isHttps ? requestHttps({ ...options, ...secure }) : requestHttp(options);
  sent.end();
  try {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > mostBytes) break;
    }
    return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() };
  } catch (error) {
    signal?.throwIfAborted();
    return { said: sentence`${url.href} does not answer: ${messageOf(error)}.` };
  }
}

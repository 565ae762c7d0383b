import { lookup } from 'node:dns/promises';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';
import { giveToBuild } from './identity.ts';
import { whereBesidesTheWeb } from '../../uforge/besidesTheWeb.ts';
import { messageOf } from '../../uforge/messageOf.ts';

/** The way to the web for programs of a template that ask for it: a folder with the proxy's socket in it. */
export interface WebProxy extends AsyncDisposable {
  readonly folder: string;
}

export const proxySocket = 'proxy';

export interface WebProxyOptions {
  /** Who reaches servers, for the log. */
  readonly who?: string;
  /** Names of servers, with their ports if those are not the usual ones, that may be anywhere. */
  readonly allowed?: readonly string[];
  /** Told of each server that may not be reached, and where it is. */
  readonly onRefused?: (host: string, where: string) => void;
}

/** More servers than a program has any use for: each is a line of the log. */
const mostServers = 1000;

/** A connection on which nothing comes for so long is over. */
const longestSilenceMs = 5 * 60_000;

/**
 * An HTTP proxy on a Unix socket, which a sandbox without a network can be given. It leads to no address of this computer
 * and to no private network, where routers, printers and other people's servers are, and where clouds keep their
 * machines' secrets. `log` is told each server once, and each refusal. Only the build and its owner reach the socket.
 */
export async function startWebProxy(
  log: (line: string) => void,
  { who = 'A program of the template', allowed = [], onRefused = () => undefined }: WebProxyOptions = {},
): Promise<WebProxy> {
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (said.has(line)) return;
    if (said.size >= mostServers)
      throw new Error(`A program of a template reaches ${mostServers} servers at most.`);
    log(line);
    said.add(line);
  };
  /** Where a name leads, looked up once: what is asked and what is connected to are the same. @throws for what is no web */
  const addressOf = async ({ hostname, host }: URL): Promise<string> => {
    const { address } = await lookup(hostname.replace(/^\[|\]$/g, ''));
    const where = allowed.includes(host) ? undefined : await whereBesidesTheWeb(address);
    if (where !== undefined) {
      onRefused(host, where);
      const sentence = `${host} is ${where}: a program of a template may not reach it.`;
      sayOnce(sentence);
      throw new Error(sentence);
    }
    sayOnce(`${who} reaches ${host}.`);
    return address;
  };
  const server = createServer((message, answer) => void forward(message, answer, addressOf));
  const tunnels = new Set<Duplex>();
  server.on('connect', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnels.add(socket);
    socket.on('close', () => tunnels.delete(socket));
    void tunnel(message, socket, head, addressOf);
  });
  // For its owner only, as mkdtemp makes it.
  const folder = await mkdtemp(join(tmpdir(), 'forge-web-'));
  const socket = join(folder, proxySocket);
  await once(server.listen(socket), 'listening');
  await chmod(socket, 0o600);
  await giveToBuild(folder, socket);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      for (const socket of tunnels) socket.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tunnel(
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  addressOf: (target: URL) => Promise<string>,
): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const target = new URL(`http://${message.url ?? ''}`);
    const remote = connect({ host: await addressOf(target), port: Number(target.port || 443) });
    remote.on('error', () => socket.destroy());
    // Who has gone meanwhile says so no more.
    if (socket.destroyed) remote.destroy();
    socket.on('close', () => remote.destroy());
    remote.on('close', () => socket.destroy());
    remote.setTimeout(longestSilenceMs, () => remote.destroy());
    await once(remote, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    remote.write(head);
    socket.pipe(remote).pipe(socket);
  } catch (error) {
    socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n${messageOf(error)}\n`);
  }
}

async function forward(
  message: IncomingMessage,
  answer: ServerResponse,
  addressOf: (target: URL) => Promise<string>,
): Promise<void> {
  try {
    const target = new URL(message.url ?? '');
    if (target.protocol !== 'http:') throw new Error(`${target.protocol} is nothing this proxy speaks.`);
    const { method } = message;
    const outgoing = request({
      ...{ host: await addressOf(target), port: Number(target.port || 80), method },
      path: `${target.pathname}${target.search}`,
      // The server that the log names is the one that answers.
      headers: { ...endToEnd(message.headers), host: target.host },
      // A connection of its own: none is left to the next request, of somebody else's perhaps.
      agent: false,
      timeout: longestSilenceMs,
    });
    outgoing.on('response', (incoming) => {
      answer.writeHead(incoming.statusCode ?? 502, endToEnd(incoming.headers));
      incoming.pipe(answer);
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', (error) => answer.destroy(error));
    answer.on('close', () => outgoing.destroy());
    if (answer.destroyed) outgoing.destroy();
    message.pipe(outgoing);
  } catch (error) {
    answer.writeHead(403, { 'content-type': 'text/plain' }).end(`${messageOf(error)}\n`);
  }
}

/** Without what is between two neighbours only (RFC 9110, 7.6.1). Node throws for `trailer` where there can be none. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const between = [
    'connection',
    'keep-alive',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'upgrade',
  ];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !between.includes(name)));
}

import { lookup } from 'node:dns/promises';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { BlockList, connect, isIP } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { once } from 'node:events';

/** The way to the web for programs of a template that ask for it: a folder with the proxy's socket in it. */
export interface WebProxy extends AsyncDisposable {
  readonly folder: string;
}

export const proxySocket = 'proxy';

/**
 * An HTTP proxy on a Unix socket, which a sandbox without a network can be given. It leads to no address of this computer
 * and none of its link, where clouds keep their machines' secrets. `log` is told each server once, and each refusal.
 */
export async function startWebProxy(log: (line: string) => void): Promise<WebProxy> {
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (!said.has(line)) log(line);
    said.add(line);
  };
  const server = createServer((message, answer) => void forward(message, answer, sayOnce));
  server.on('connect', (message: IncomingMessage, socket: Duplex) => void tunnel(message, socket, sayOnce));
  const folder = await mkdtemp(join(tmpdir(), 'forge-web-'));
  await chmod(folder, 0o755);
  await once(server.listen(join(folder, proxySocket)), 'listening');
  await chmod(join(folder, proxySocket), 0o666);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function tunnel(message: IncomingMessage, socket: Duplex, log: (line: string) => void): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const target = new URL(`http://${message.url ?? ''}`);
    const remote = connect({ host: await addressOf(target, log), port: Number(target.port || 443) });
    remote.on('error', () => socket.destroy());
    await once(remote, 'connect');
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    socket.pipe(remote).pipe(socket);
    socket.on('close', () => remote.destroy());
  } catch (error) {
    socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n\r\n${sentenceOf(error)}\n`);
  }
}

async function forward(
  message: IncomingMessage,
  answer: ServerResponse,
  log: (line: string) => void,
): Promise<void> {
  try {
    const target = new URL(message.url ?? '');
    if (target.protocol !== 'http:') throw new Error(`${target.protocol} is nothing this proxy speaks.`);
    const { method, headers } = message;
    const host = await addressOf(target, log);
    const path = `${target.pathname}${target.search}`;
    const outgoing = request({ host, port: Number(target.port || 80), method, path, headers }, (incoming) => {
      answer.writeHead(incoming.statusCode ?? 502, incoming.headers);
      incoming.pipe(answer);
    });
    outgoing.on('error', (error) => answer.destroy(error));
    message.pipe(outgoing);
  } catch (error) {
    answer.writeHead(403, { 'content-type': 'text/plain' }).end(`${sentenceOf(error)}\n`);
  }
}

/** Where a name leads, looked up once: what is asked and what is connected to are the same. @throws for this computer */
async function addressOf({ hostname, host }: URL, log: (line: string) => void): Promise<string> {
  const { address } = await lookup(hostname.replace(/^\[|\]$/g, ''));
  if (isOfThisComputer(address)) {
    const sentence = `${host} is this computer or its link: a program of a template may not reach it.`;
    log(sentence);
    throw new Error(sentence);
  }
  log(`A program of the template reaches ${host}.`);
  return address;
}

function isOfThisComputer(address: string): boolean {
  const own = new BlockList();
  for (const [network, prefix] of [
    ['0.0.0.0', 8],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['224.0.0.0', 3],
  ] as const) {
    own.addSubnet(network, prefix, 'ipv4');
  }
  for (const [network, prefix] of [
    ['::', 127],
    ['fe80::', 10],
    ['ff00::', 8],
  ] as const) {
    own.addSubnet(network, prefix, 'ipv6');
  }
  for (const each of Object.values(networkInterfaces()).flat()) {
    if (each !== undefined)
      own.addAddress(each.address.replace(/%.*/, ''), each.family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  const plain = address.replace(/%.*/, '');
  // ::ffff:127.0.0.1 and the forms of IPv4 in IPv6 that lead to the same place; NAT64 leads elsewhere.
  const mapped = /^::(?:ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1];
  if (mapped !== undefined) return own.check(mapped, 'ipv4');
  return own.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

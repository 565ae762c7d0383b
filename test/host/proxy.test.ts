import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { openTransport } from '../../src/editor/server/transport.ts';

/** The process-wide slot that every copy of undici in the extension host shares. */
const slot = Symbol.for('undici.globalDispatcher.1');
const globals = globalThis as Record<symbol, unknown>;

/** A server that answers everything and remembers what it was asked, as a forward proxy sees it. */
async function listen(seen: string[], body: string): Promise<{ server: Server; port: number }> {
  const server = createServer((request: IncomingMessage, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end(body);
  });
  // A proxy may be asked for a tunnel as well, for plain HTTP, too: then it leads to the server itself.
  server.on('connect', (request: IncomingMessage, socket: NodeJS.WritableStream) => {
    seen.push(`CONNECT ${request.url ?? ''}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

async function textOf(url: string): Promise<string> {
  await using transport = await openTransport(new URL(url), { caFiles: [] });
  const { body } = await transport.request({ method: 'GET', url: new URL(url), headers: {} });
  let text = '';
  for await (const chunk of body) text += Buffer.from(chunk).toString('utf8');
  return text;
}

async function setProxy(value: string | undefined, noProxy?: string[]): Promise<void> {
  const http = vscode.workspace.getConfiguration('http');
  await http.update('proxy', value, vscode.ConfigurationTarget.Global);
  await http.update('noProxy', noProxy, vscode.ConfigurationTarget.Global);
}

describe('the network', () => {
  const seen: string[] = [];
  const direct: string[] = [];
  let proxy: Awaited<ReturnType<typeof listen>>;
  let target: Awaited<ReturnType<typeof listen>>;
  let slotBefore: unknown;

  before(async () => {
    slotBefore = globals[slot];
    proxy = await listen(seen, 'through the proxy');
    target = await listen(direct, 'direct');
  });
  after(async () => {
    await setProxy(undefined);
    proxy.server.close();
    target.server.close();
  });

  it('goes through http.proxy, even to a host only the proxy knows', async () => {
    await setProxy(`http://127.0.0.1:${proxy.port}`);
    const text = await textOf('http://uforge.invalid/api/status').catch((error: unknown) => String(error));
    assert.ok(
      seen.some((line) => line.includes('uforge.invalid')),
      `${text}; the proxy saw: ${seen.join(', ')}`,
    );
  });

  it('obeys http.noProxy', async () => {
    await setProxy(`http://127.0.0.1:${proxy.port}`, ['127.0.0.1']);
    assert.equal(await textOf(`http://127.0.0.1:${target.port}/api/status`), 'direct');
    assert.deepEqual(direct, ['GET /api/status']);
  });

  it('follows a proxy that is changed while VS Code runs', async () => {
    seen.length = 0;
    await setProxy(undefined);
    assert.equal(await textOf(`http://127.0.0.1:${target.port}/api/status`), 'direct');
    assert.deepEqual(seen, []);
  });

  it('leaves the dispatcher that all extensions share as it was', () => {
    assert.equal(globals[slot], slotBefore);
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { connect as connectSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { createNodeTransport } from '../../../src/uforge/transport/nodeTransport.ts';
import type { Transport, TransportResponse } from '../../../src/uforge/transport/transport.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import type { TrustOptions } from '../../../src/uforge/transport/authorities.ts';
import { certificateOf, isUnknownCertificate } from '../../../src/uforge/transport/certificate.ts';
import { selfSigned, type Certificate } from './certificates.ts';
import { connect, listen } from './support.ts';

const run = promisify(execFile);

interface Listening extends AsyncDisposable {
  readonly port: number;
}

async function start(server: Server | ReturnType<typeof createHttpServer>): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function text(response: TransportResponse): Promise<string> {
  let all = '';
  for await (const chunk of response.body) all += Buffer.from(chunk).toString();
  return all;
}

let certificate: Certificate;
before(async () => (certificate = await selfSigned()));

const transports: readonly [string, (options?: TrustOptions) => Transport][] = [
  ['undici', createUndiciTransport],
  ['node:http', createNodeTransport],
];

for (const [name, create] of transports) {
  suite(`the ${name} transport`, () => {
    test('hands over status, headers and body; redirects are not followed', async () => {
      await using server = await listen((request, response) => {
        response
          .writeHead(302, { Location: '/x', 'X-Twice': ['a', 'b'] })
          .end(`${request.method} ${request.body.toString()}`);
      });
      await using transport = create();
      const response = await transport.request({
        method: 'PUT',
        url: new URL(`${server.url}/a%40b?c=d%26e`),
        headers: { 'x-test': 'é'.normalize('NFD').slice(0, 1) },
        body: Buffer.from('body'),
      });
      assert.equal(response.status, 302);
      assert.deepEqual([response.headers['location'], response.headers['x-twice']], ['/x', 'a, b']);
      assert.equal(await text(response), 'PUT body');
      assert.equal(server.received[0]?.url, '/api/a%40b?c=d%26e');
    });

    test('a certificate is checked: refused with advice, accepted with its authority', async () => {
      await using server = await start(
        createHttpsServer(certificate, (_, response) => response.end('secret')),
      );
      const url = new URL(`https://127.0.0.1:${server.port}/`);
      await using strict = create();
      await assert.rejects(strict.request({ method: 'GET', url, headers: {} }), (error) => {
        assert.ok(error instanceof UForgeError);
        assert.equal(error.kind, 'tls');
        assert.match(
          error.message,
          /it is self-signed\. If you trust it, name the file with its certificate authority/,
        );
        return true;
      });
      await using trusting = create({ caPem: certificate.cert });
      assert.equal(await text(await trusting.request({ method: 'GET', url, headers: {} })), 'secret');
      const otherName = new URL(`https://localhost:${server.port}/`);
      await assert.rejects(
        trusting.request({ method: 'GET', url: otherName, headers: {} }),
        /it is for another host/,
      );
    });

    test('a pinned certificate is accepted under any name, and no other in its place', async () => {
      await using server = await start(
        createHttpsServer(certificate, (_, response) => response.end('secret')),
      );
      const url = new URL(`https://localhost:${server.port}/`);
      await using strict = create();
      const refused: unknown = await strict
        .request({ method: 'GET', url, headers: {} })
        .catch((error: unknown) => error);
      assert.ok(isUnknownCertificate(refused), String(refused));
      const shown = await certificateOf(url);
      assert.match(shown.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.equal(shown.subject, 'CN=uforge-test');
      await using pinned = create({ pinnedPem: shown.pem });
      assert.equal(await text(await pinned.request({ method: 'GET', url, headers: {} })), 'secret');
      await using another = await start(
        createHttpsServer(await selfSigned(), (_, response) => response.end()),
      );
      await assert.rejects(
        pinned.request({ method: 'GET', url: new URL(`https://localhost:${another.port}/`), headers: {} }),
        (error) => error instanceof UForgeError && error.kind === 'tls',
      );
    });

    test('silence in the middle of a body is a time-out; a break is a broken connection', async () => {
      await using server = await listen((request, response) => {
        response.writeHead(200, { 'content-length': '10' }).write('abc');
        if (request.url === '/break') setTimeout(() => response.destroy(), 20);
      });
      await using transport = create();
      const ask = async (path: string): Promise<string> => {
        const url = new URL(`${server.origin}/${path}`);
        return text(await transport.request({ method: 'GET', url, headers: {}, idleTimeoutMs: 300 }));
      };
      const kinds = await Promise.all(
        ['silence', 'break'].map((path) =>
          ask(path).catch((error: unknown) => error instanceof UForgeError && error.kind),
        ),
      );
      assert.deepEqual(kinds, ['timeout', 'network']);
    });

    test('an abort ends a body with its reason, and a body let go of frees the connection', async () => {
      let closed = 0;
      await using server = await listen((_, response) => {
        response.on('close', () => closed++);
        response.writeHead(200).write('abc');
      });
      await using transport = create();
      const abort = new AbortController();
      const request = { method: 'GET', url: new URL(server.url), headers: {} } as const;
      const first = await transport.request({ ...request, signal: abort.signal });
      setTimeout(() => abort.abort(new Error('enough')), 20);
      await assert.rejects(text(first), /enough/);
      const second = await transport.request(request);
      await second.body[Symbol.asyncIterator]().return?.();
      while (closed < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
}

/** A real forward proxy: CONNECT for https, absolute URIs for http. Notes what it was asked for. */
async function startProxy(login?: string): Promise<Listening & { readonly asked: string[] }> {
  const asked: string[] = [];
  const allowed = ({ headers }: IncomingMessage): boolean =>
    login === undefined ||
    headers['proxy-authorization'] === `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createHttpServer((incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (!allowed(incoming)) {
      response.writeHead(407).end();
      return;
    }
    const headers = { ...incoming.headers };
    delete headers['proxy-authorization'];
    const onward = httpRequest(
      incoming.url ?? '',
      { method: incoming.method ?? 'GET', headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    incoming.pipe(onward);
  });
  server.on('connect', (incoming, socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (!allowed(incoming)) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (incoming.url ?? '').split(':');
    const onward = connectSocket(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return Object.assign(await start(server), { asked });
}

suite('through a proxy', () => {
  test('https in a tunnel, checked against the server itself', async () => {
    await using server = await start(createHttpsServer(certificate, (_, response) => response.end('inside')));
    await using proxy = await startProxy('me:p@ss');
    await using transport = createUndiciTransport({
      proxy: `http://me:p%40ss@127.0.0.1:${proxy.port}`,
      caPem: certificate.cert,
    });
    const url = new URL(`https://127.0.0.1:${server.port}/api/status`);
    assert.equal(await text(await transport.request({ method: 'GET', url, headers: {} })), 'inside');
    assert.deepEqual(proxy.asked, [`CONNECT 127.0.0.1:${server.port}`]);
  });

  test('http as an absolute URI, with a body', async () => {
    await using server = await listen((request, response) =>
      response.end(`${request.url} ${request.body.toString()}`),
    );
    await using proxy = await startProxy();
    await using transport = createUndiciTransport({ proxy: `http://127.0.0.1:${proxy.port}` });
    const url = new URL(`${server.url}/status?a=b`);
    const response = await transport.request({ method: 'POST', url, headers: {}, body: Buffer.from('body') });
    assert.equal(await text(response), '/api/status?a=b body');
    assert.deepEqual(proxy.asked, [`POST ${url.href}`]);
    assert.equal(server.received[0]?.headers.host, url.host);
  });

  test('a proxy that wants a login, or is not there, is named', async () => {
    await using proxy = await startProxy('me:secret');
    const asked = async (target: string, proxyUrl: string): Promise<unknown> => {
      await using test = connect(target, { transport: createUndiciTransport({ proxy: proxyUrl }) });
      return await test.client.user_get({}, { attempts: 1 }).catch((error: unknown) => error);
    };
    for (const target of ['http://127.0.0.1:9/api', 'https://127.0.0.1:9/api']) {
      const refused = await asked(target, `http://me:wrong@127.0.0.1:${proxy.port}`);
      assert.ok(refused instanceof UForgeError);
      assert.match(refused.message, /proxy .*asks for a login/i);
      assert.ok(!`${refused.message}${refused.detail}`.includes('wrong'));
      const gone = await asked(target, 'http://127.0.0.1:1');
      assert.ok(gone instanceof UForgeError);
      assert.match(gone.message, /Nothing answers at 127\.0\.0\.1:1.*through the proxy 127\.0\.0\.1:1/);
    }
  });
});

test("the operating system's authorities are trusted, as VS Code does", async () => {
  await using server = await start(createHttpsServer(certificate, (_, response) => response.end('secret')));
  const folder = await mkdtemp(join(tmpdir(), 'uforge-ca-'));
  try {
    const store = join(folder, 'store.pem');
    await writeFile(store, certificate.cert);
    const script = `
      const { createUndiciTransport } = await import(${JSON.stringify(import.meta.resolve('../../../src/uforge/transport/undiciTransport.ts'))});
      await using transport = createUndiciTransport();
      const url = new URL('https://127.0.0.1:${server.port}/');
      console.log((await transport.request({ method: 'GET', url, headers: {} })).status);`;
    // This is how OpenSSL is told where the system keeps them.
    const env = { ...process.env, SSL_CERT_FILE: store };
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { env });
    assert.equal(stdout, '200\n');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the process-wide dispatcher is left alone: ours is nobody else's", async () => {
  await using server = await listen((_, response) => response.end());
  // In a process of its own: Node fills the slots itself as soon as somebody imports `node:http`.
  const script = `
    const slots = () => [1, 2].map((n) => typeof globalThis[Symbol.for('undici.globalDispatcher.' + n)]);
    const before = slots();
    const { createUndiciTransport } = await import(${JSON.stringify(import.meta.resolve('../../../src/uforge/transport/undiciTransport.ts'))});
    await import(${JSON.stringify(import.meta.resolve('../../../src/uforge/client/client.ts'))});
    await using transport = createUndiciTransport();
    const response = await transport.request({ method: 'GET', url: new URL('${server.url}'), headers: {} });
    console.log(JSON.stringify({ before, after: slots(), status: response.status }));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  const untouched = ['undefined', 'undefined'];
  assert.deepEqual(JSON.parse(stdout), { before: untouched, after: untouched, status: 200 });
});

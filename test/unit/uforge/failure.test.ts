import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { suite, test } from 'node:test';
import { UForgeError, type UForgeErrorKind } from '../../../src/uforge/errors.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { answer, connect, listen, password, type Handler } from './support.ts';

/** The error of one request to a server that answers like that; and how often it was asked, and the pauses. */
async function failWith(
  handler: Handler,
): Promise<{ error: UForgeError; asked: number; waits: readonly number[] }> {
  await using server = await listen(handler);
  await using test = connect(server.url);
  const error: unknown = await test.client.user_get().catch((error: unknown) => error);
  assert.ok(error instanceof UForgeError, String(error));
  return { error, asked: server.received.length, waits: test.clock.waits };
}

const page = '<!DOCTYPE html><html><head><title>502 Bad\n Gateway</title></head><body>squid</body></html>';

suite('an error answer', () => {
  const uforgeError = (status: number, message: string, messageId: string): Handler => {
    return (_, response) =>
      answer(
        response,
        'uforgeError',
        { statusCode: status, localizedErrorMsg: { message, messageId } },
        { status },
      );
  };

  test("UForge's own words, its id, and the raw answer", async () => {
    const message = 'Appliance with id [99,999,999] not found.';
    const { error } = await failWith(uforgeError(404, message, 'ERROR.APPLIANCE.NOT_FOUND'));
    assert.deepEqual(
      [error.kind, error.status, error.message, error.messageId],
      ['notFound', 404, message, 'ERROR.APPLIANCE.NOT_FOUND'],
    );
    assert.match(
      error.detail,
      /^GET http:\/\/127\.0\.0\.1:\d+\/api\/users\/guest\nHTTP 404 Not Found\n\n<\?xml/,
    );
  });

  test('a message that is only a key is made readable', async () => {
    const key = 'ERROR.CREDACCOUNT.MISSING_TEMPLATE_DESCRIPTION';
    const { error } = await failWith(uforgeError(400, key, key));
    assert.equal(error.kind, 'invalid');
    assert.match(error.message, /answered: missing template description \(ERROR\.CREDACCOUNT/);
  });

  test('in JSON', async () => {
    const { error } = await failWith((_, response) =>
      response
        .writeHead(409, { 'content-type': 'application/json' })
        .end(
          '{"uforgeError":{"localizedErrorMsg":{"message":"An image for VirtualBox is already being generated."}}}',
        ),
    );
    assert.deepEqual(
      [error.kind, error.message],
      ['conflict', 'An image for VirtualBox is already being generated.'],
    );
  });

  for (const [status, kind, message] of [
    [401, 'authentication', /refused the login/],
    [403, 'entitlement', /does not allow this user/],
    [404, 'notFound', /does not know \/api\/users\/guest/],
    [409, 'conflict', /409 Conflict/],
    [415, 'invalid', /415 Unsupported Media Type/],
    [500, 'server', /500 Internal Server Error/],
    [501, 'server', /501 Not Implemented/],
    [302, 'protocol', /sends requests elsewhere, to https:\/\/other\/login/],
  ] as const satisfies readonly (readonly [number, UForgeErrorKind, RegExp])[]) {
    test(`${status} without a body is ${kind}, and not tried again`, async () => {
      const { error, asked } = await failWith((_, response) =>
        response.writeHead(status, { location: 'https://other/login' }).end(),
      );
      assert.equal(error.kind, kind);
      assert.match(error.message, message);
      assert.equal(asked, 1);
    });
  }

  test("a proxy's web page is said to be one", async () => {
    const { error } = await failWith((_, response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end(page),
    );
    assert.equal(error.kind, 'server');
    assert.match(error.message, /502 Bad Gateway with a web page \("502 Bad Gateway"\), not as UForge does/);
    assert.ok(error.detail.includes('squid'));
  });

  test('an endless one is cut off', async () => {
    const { error } = await failWith((_, response) => {
      response.writeHead(500, { 'content-type': 'text/plain' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65536)));
      };
      response.on('drain', more);
      more();
    });
    assert.equal(error.kind, 'server');
    assert.ok(error.detail.length < 300_000);
  });

  test('never shows a secret the server sends back', async () => {
    const { error } = await failWith((request, response) =>
      response
        .writeHead(500, { 'content-type': 'text/plain' })
        .end(`${request.headers.authorization} ${password} downloadId=abc`),
    );
    const everything = `${error.message} ${error.detail} ${JSON.stringify(error)} ${error.stack}`;
    assert.ok(!everything.includes(password));
    assert.ok(!everything.includes(Buffer.from(`guest:${password}`).toString('base64')));
    assert.ok(!everything.includes('abc'));
    assert.match(error.detail, /Basic \*\*\* \*\*\* downloadId=\*\*\*/);
  });
});

suite('trying again', () => {
  test('a safe request, twice, with growing pauses, when the failure may pass', async () => {
    const { error, asked, waits } = await failWith((_, response) => response.writeHead(503).end());
    assert.equal(error.kind, 'server');
    assert.equal(asked, 3);
    const [first = 0, second = 0] = waits;
    assert.equal(waits.length, 2);
    assert.ok(first >= 375 && first <= 625 && second >= 1125 && second <= 1875, String(waits));
  });

  test('until it succeeds', async () => {
    await using server = await listen((_, response) => {
      if (server.received.length < 3) response.destroy();
      else answer(response, 'user', { loginName: 'guest' });
    });
    await using test = connect(server.url);
    assert.equal((await test.client.user_get()).loginName, 'guest');
    assert.equal(server.received.length, 3);
  });

  test('also when the answer breaks off in the middle', async () => {
    await using server = await listen((_, response) => {
      if (server.received.length === 3) answer(response, 'user', { loginName: 'guest' });
      else {
        response.writeHead(200, { 'content-type': 'application/xml', 'content-length': 1000 }).write('<?xml');
        setTimeout(() => response.destroy(), 20);
      }
    });
    await using test = connect(server.url);
    assert.equal((await test.client.user_get()).loginName, 'guest');
    assert.equal(server.received.length, 3);
  });

  test('after as long as the server asks for, unless that is too long', async () => {
    const wait = (seconds: string): Handler => {
      return (_, response) => response.writeHead(503, { 'retry-after': seconds }).end();
    };
    assert.deepEqual((await failWith(wait('7'))).waits, [7000, 7000]);
    assert.deepEqual((await failWith(wait('3600'))).asked, 1);
  });

  test('never a request that may have been acted on', async () => {
    await using server = await listen((_, response) => response.destroy());
    await using test = connect(server.url);
    for (const call of [
      () => test.client.machineImage_generate({ aid: 1 }, {}),
      () => test.client.machineImage_delete({ aid: 1, itid: 2 }),
      () => test.client.installProfile_update({ aid: 1, ipid: 2 }, {}),
    ]) {
      await assert.rejects(call, (error) => error instanceof UForgeError && error.kind === 'network');
    }
    assert.equal(server.received.length, 3);
    assert.deepEqual(test.clock.waits, []);
  });

  test('ends with the signal', async () => {
    const abort = new AbortController();
    await using server = await listen((_, response) => {
      response.writeHead(503).end();
      if (server.received.length === 2) abort.abort(new Error('enough'));
    });
    await using test = connect(server.url);
    await assert.rejects(test.client.user_get({}, { signal: abort.signal }), /enough/);
    assert.equal(server.received.length, 2);
  });
});

suite('no answer', () => {
  test('nobody listens', async () => {
    const server = await listen(() => undefined);
    await server[Symbol.asyncDispose]();
    await using test = connect(server.url);
    await assert.rejects(test.client.user_get(), (error) => {
      assert.ok(error instanceof UForgeError);
      assert.equal(error.kind, 'network');
      assert.match(error.message, /Nothing answers at 127\.0\.0\.1:\d+: the connection was refused/);
      assert.match(error.detail, /ECONNREFUSED/);
      return true;
    });
  });

  test('silence is a time-out, and tried once more', async () => {
    await using server = await listen(() => undefined);
    await using test = connect(server.url);
    await assert.rejects(
      test.client.user_get({}, { timeoutMs: 50 }),
      (error) =>
        error instanceof UForgeError &&
        error.kind === 'timeout' &&
        error.message.includes('did not answer in time'),
    );
    assert.equal(server.received.length, 2);
  });

  test('something that is not HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    assert.ok(typeof address === 'object' && address);
    await using test = connect(`http://127.0.0.1:${address.port}/api`, {
      transport: createUndiciTransport(),
    });
    await assert.rejects(test.client.user_get({}, { attempts: 1 }), (error) => error instanceof UForgeError);
    server.close();
  });
});

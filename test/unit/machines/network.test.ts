import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { suite, test } from 'node:test';
import { answerOf, requestFrom } from '../../../src/machines/tests/network.ts';

async function listening(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

const noWayIn = (): Promise<undefined> => Promise.resolve(undefined);

suite('a port answers', () => {
  test('when it speaks first, and when it speaks once spoken to', async () => {
    await using ssh = await listening(
      createServer(
        (socket) =>
          void socket
            .resume()
            .on('error', () => undefined)
            .end('SSH-2.0-x\r\n'),
      ),
    );
    const first = await answerOf(ssh.port, 22, noWayIn);
    assert.deepEqual([first.ok, first.output], [true, 'SSH-2.0-x\r\n']);
    await using web = await listening(createHttpServer((_request, response) => response.end('hello')));
    const second = await answerOf(web.port, 80, noWayIn);
    assert.equal(second.ok, true);
    assert.match(second.output, /^HTTP\/1\.1 200/);
  });

  test('not when the connection is taken and ends without a word, as QEMU does for a closed port', async () => {
    await using closed = await listening(
      createServer((socket) => void socket.on('error', () => undefined).destroy()),
    );
    const seen = await answerOf(closed.port, 8080, noWayIn);
    assert.deepEqual([seen.ok, seen.said.toString()], [false, 'Nothing answers on port 8080.']);
  });

  test('in silence, when the machine itself knows the connection', async () => {
    await using silent = await listening(
      createServer((socket) => void socket.on('error', () => undefined).resume()),
    );
    for (const known of [true, false]) {
      const seen = await answerOf(silent.port, 5432, () => Promise.resolve(known));
      assert.equal(seen.ok, known);
    }
    const unknown = await answerOf(silent.port, 5432, noWayIn);
    assert.equal(unknown.ok, false);
    assert.match(unknown.said.toString(), /there is no way into the machine/);
  });
});

test('a request asks for the address that a template has, wherever its port leads here', async () => {
  const asked: unknown[] = [];
  await using web = await listening(
    createHttpServer((request, response) => {
      asked.push(request.headers.host, request.url);
      response.writeHead(302, { location: '/elsewhere' }).end('moved');
    }),
  );
  const answer = await requestFrom(new URL('http://www.example.org:8080/a?b=c'), web.port);
  assert.deepEqual(answer, { status: 302, body: 'moved' });
  assert.deepEqual(asked, ['www.example.org:8080', '/a?b=c']);
});

test('a request that nobody answers says so with the reason', async () => {
  const free = await listening(createServer());
  await free[Symbol.asyncDispose]();
  const answer = await requestFrom(new URL('http://localhost/'), free.port);
  assert.ok('said' in answer);
  assert.match(answer.said.toString(), /^http:\/\/localhost\/ does not answer: .*ECONNREFUSED/);
});

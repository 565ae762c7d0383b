import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import { apiKeyAuthorizer, basicAuthorizer, signUri } from '../../../src/uforge/authorizer.ts';
import { createClient } from '../../../src/uforge/client/client.ts';
import { parseApplianceUri, parseImageUri } from '../../../src/uforge/uris.ts';
import { decodeJson, decodeXml, encodeXml } from '../../../src/uforge/codec/codec.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { answer, connect, fakeClock, listen, password } from './support.ts';

suite('a request', () => {
  test('machineImage_generate posts the image in strict XML and answers with the ticket', async () => {
    await using server = await listen((_, response) =>
      answer(
        response,
        'image',
        { dbId: 7, status: { percentage: 0 } },
        { status: 201, headers: { version: '3.8.13' } },
      ),
    );
    await using test = connect(server.url);
    const ticket = await test.client.machineImage_generate(
      { aid: 12 },
      { installProfile: { memorySize: 512 }, targetFormat: { name: 'VirtualBox' }, compress: true },
    );
    assert.equal(ticket.dbId, 7);
    assert.equal(test.client.serverVersion, '3.8.13');
    const [request] = server.received;
    assert.equal(`${request?.method} ${request?.url}`, 'POST /api/users/guest/appliances/12/images');
    assert.equal(request?.headers['content-type'], 'application/xml; charset=utf-8');
    assert.equal(request.headers.accept, 'application/xml');
    assert.equal(
      request.headers.authorization,
      `Basic ${Buffer.from(`guest:${password}`).toString('base64')}`,
    );
    const sent = decodeXml(request.body.toString());
    assert.equal(sent.root, 'image');
    assert.deepEqual(Object.keys(sent.value), ['compress', 'targetFormat', 'installProfile']);
  });

  test('logins and values are percent-encoded, lists are repeated parameters, undefined ones left out', async () => {
    await using server = await listen((_, response) => answer(response, 'statuses', { statuses: [] }));
    await using test = connect(`${server.origin}/a/b/`, {
      uid: 'a@b',
      authorizer: basicAuthorizer('sup\\a@b', 'x'),
    });
    await test.client.userMachineImageStatus_get({ img: ['users/a@b/1', 'users/a@b/2&c'] });
    await test.client.machineImageStatus_getAll({ aid: 9007199254740993n });
    await test.client
      .appliance_getAll({ query: "name=='é'", count: 2, offset: undefined })
      .catch(() => undefined);
    assert.deepEqual(
      server.received.slice(0, 3).map(({ url }) => url),
      [
        '/a/b/users/a%40b/images/status?img=users%2Fa%40b%2F1&img=users%2Fa%40b%2F2%26c',
        '/a/b/users/a%40b/appliances/9007199254740993/images/statuses',
        '/a/b/users/a%40b/appliances?query=name%3D%3D%27%C3%A9%27&count=2',
      ],
    );
  });

  test('says in which language an error is wanted', async () => {
    await using server = await listen((_, response) => answer(response, 'appliances', { appliances: [] }));
    for (const language of ['fr', undefined]) {
      await using test = connect(server.url, language === undefined ? {} : { language });
      await test.client.appliance_getAll();
    }
    assert.deepEqual(
      server.received.map(({ headers }) => headers['accept-language']),
      ['fr', undefined],
    );
  });

  test('what an API key signs is what is sent', async () => {
    await using server = await listen((_, response) => answer(response, 'appliances', { appliances: [] }));
    await using test = connect(server.url, { uid: "o'h@b", authorizer: apiKeyAuthorizer('a+b/c', 'secret') });
    await test.client.appliance_getAll({ query: "name=='é *' \u0007!~(x)" });
    const sent = server.received[0]?.url.replace('/api/', '') ?? '';
    const [signed = '', signature = ''] = sent.split('&signature=');
    assert.match(signed, /&apiKey=a%2Bb%2Fc$/);
    assert.equal(decodeURIComponent(signature), signUri(signed, 'secret', 'raw'));
  });

  test('bytes go out and come back as they are', async () => {
    await using server = await listen(({ method }, response) => {
      if (method === 'POST') answer(response, 'status', { complete: true }, { status: 201 });
      else response.writeHead(206, { 'content-range': 'bytes 2-4/5' }).end('cde');
    });
    await using test = connect(server.url);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from([0, 255]));
      yield Buffer.from([128]);
    }
    await test.client.applianceImport_upload({ iid: 3 }, chunks());
    await test.client.applianceImport_upload({ iid: 3 }, Buffer.from([1, 2]));
    const params = { aid: 1, itid: 2, fileName: 'a b/c.ova', downloadId: 'once' };
    const response = await test.client.machineImage_downloadFile(params, { range: 'bytes=2-' });
    const parts: Uint8Array[] = [];
    for await (const part of response.body) parts.push(part);
    assert.equal(Buffer.concat(parts).toString(), 'cde');
    assert.deepEqual([...(server.received[0]?.body ?? [])], [0, 255, 128]);
    assert.equal(server.received[1]?.headers['content-length'], '2');
    const download = server.received[2];
    assert.equal(
      download?.url,
      '/api/users/guest/appliances/1/images/2/downloads/a%20b%2Fc.ova?downloadId=once',
    );
    assert.equal(download.headers.range, 'bytes=2-');
    assert.equal(download.headers.authorization, undefined, 'the key is the credential');
  });

  test('a path can not be left, and a missing parameter is not sent', async () => {
    await using test = connect('http://127.0.0.1:9/api');
    await assert.rejects(test.client.os_get({ id: '..' }), /can't be part of a path/);
    await assert.rejects(test.client.os_get({ id: '' }), /os_get needs the parameter id/);
  });

  test('nothing is sent for a signal that is aborted already, and an abort is its own reason', async () => {
    const abort = new AbortController();
    await using server = await listen(() => abort.abort(new Error('enough')));
    await using test = connect(server.url);
    await assert.rejects(
      test.client.user_get({}, { signal: AbortSignal.abort(new Error('before')) }),
      /before/,
    );
    assert.equal(server.received.length, 0);
    await assert.rejects(test.client.user_get({}, { signal: abort.signal }), /enough/);
    assert.equal(server.received.length, 1);
  });
});

suite('an answer', () => {
  test('a 304 gives the identical object, by resource; fresh asks anew', async () => {
    await using server = await listen((request, response) => {
      const etag = '"0123456789abcdef0123456789abcdef"';
      if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end();
      else answer(response, 'status', { message: request.url }, { headers: { etag } });
    });
    await using test = connect(server.url);
    const first = await test.client.machineImageStatus_get({ aid: 1, itid: 2 });
    const other = await test.client.machineImageStatus_get({ aid: 1, itid: 3 });
    assert.equal(await test.client.machineImageStatus_get({ aid: 1, itid: 2 }), first);
    assert.notEqual(other, first);
    assert.match(other.message ?? '', /3\/status$/);
    const fresh = await test.client.machineImageStatus_get({ aid: 1, itid: 2 }, { fresh: true });
    assert.notEqual(fresh, first);
    assert.deepEqual(fresh, first);
    assert.deepEqual(
      server.received.map(({ headers }) => 'if-none-match' in headers),
      [false, false, true, false],
    );
  });

  test('an answer without an ETag is not remembered', async () => {
    await using server = await listen((_, response) =>
      answer(response, 'status', {}, server.received.length === 1 ? { headers: { etag: '"a"' } } : {}),
    );
    await using test = connect(server.url);
    for (let i = 0; i < 3; i++) await test.client.machineImageStatus_get({ aid: 1, itid: 2 });
    assert.deepEqual(
      server.received.map(({ headers }) => headers['if-none-match']),
      [undefined, '"a"', undefined],
    );
  });

  test('JSON is read too, and nothing at all after a DELETE', async () => {
    await using server = await listen(({ method }, response) => {
      if (method === 'DELETE') response.writeHead(204).end();
      else response.setHeader('content-type', 'application/json').end('{"serviceStatus":{"alive":true}}');
    });
    await using test = connect(server.url);
    assert.deepEqual(await test.client.uforgeStatus_get(), { alive: true });
    await test.client.machineImage_delete({ aid: 1, itid: 2 });
    assert.deepEqual(await test.client.machineImageGeneration_cancel({ aid: 1, itid: 2 }), {});
  });

  test('XML is read by whatever name it comes', async () => {
    for (const type of ['text/xml', 'application/vnd.uforge+xml', 'text/plain;charset=utf-8', undefined]) {
      await using server = await listen((_, response) => {
        if (type !== undefined) response.setHeader('content-type', type);
        response.end(encodeXml('serviceStatus', { alive: true }));
      });
      await using test = connect(server.url);
      assert.deepEqual(await test.client.uforgeStatus_get(), { alive: true }, type);
    }
  });

  for (const [what, type, body, message] of [
    ['a web page', 'text/html', '<html>Welcome</html>', /answered with text\/html instead of XML/],
    [
      'another document',
      'application/xml',
      '<user/>',
      /user_get.*"user" is|Expected the element "serviceStatus", not "user"/,
    ],
    ['half a document', 'application/xml', '<serviceStatus><alive>', /uforgeStatus_get that can't be read/],
    ['nothing', 'application/xml', '', /empty/],
  ] as const) {
    test(`${what} is a protocol error with the raw answer behind it`, async () => {
      await using server = await listen((_, response) =>
        response.writeHead(200, { 'content-type': type }).end(body),
      );
      await using test = connect(server.url);
      await assert.rejects(test.client.uforgeStatus_get(), (error) => {
        assert.ok(error instanceof UForgeError);
        assert.equal(error.kind, 'protocol');
        assert.match(error.message, message);
        assert.equal(error.detail, body);
        return true;
      });
    });
  }

  test('that can not be read shows no secret', async () => {
    await using server = await listen((_, response) => {
      response.setHeader('content-type', 'application/json').end('{"image":{"downloadKey":"hush"}, oops}');
    });
    await using test = connect(server.url);
    const error: unknown = await test.client
      .machineImage_get({ aid: 1, itid: 2 })
      .catch((error: unknown) => error);
    assert.ok(error instanceof UForgeError);
    assert.match(error.message, /JSON document was refused/);
    assert.doesNotMatch(inspect(error), /hush/);
    assert.throws(
      () => decodeJson('{"a":"hush","b":oops}'),
      (refused) => refused instanceof UForgeError && !refused.message.includes('hush'),
    );
  });
});

suite('the build log', () => {
  const ticket = { dbId: 2, status: { error: true } };

  test('is where the Link header of the ticket says', async () => {
    await using server = await listen((request, response) =>
      request.url.endsWith('/log')
        ? response.writeHead(200, { 'content-type': 'text/plain' }).end('line é\n')
        : answer(response, 'image', ticket, {
            headers: {
              link: '</x>; rel="up", </api/users/guest/appliances/1/images/2/log>; type="text/plain"; rel="log"',
            },
          }),
    );
    await using test = connect(server.url);
    assert.equal(await test.client.imageLog({ aid: 1, itid: 2 }), 'line é\n');
    assert.ok(server.received.every(({ headers }) => headers.authorization !== undefined));
  });

  test('is undefined for a server that has none, and is not fetched from another host', async () => {
    let link = '';
    await using server = await listen((_, response) =>
      answer(response, 'image', ticket, { headers: link === '' ? {} : { link } }),
    );
    await using test = connect(server.url);
    assert.equal(await test.client.imageLog({ aid: 1, itid: 2 }), undefined);
    link = '<http://127.0.0.2/log>; rel=log';
    await assert.rejects(test.client.imageLog({ aid: 1, itid: 2 }), /which is not the server/);
    assert.equal(server.received.length, 2);
  });
});

suite('URIs', () => {
  test('relative ones are joined to the base URL, whatever its path', async () => {
    await using transport = createUndiciTransport();
    const make = (baseUrl: string): ReturnType<typeof createClient> =>
      createClient({
        baseUrl,
        uid: 'a',
        authorizer: basicAuthorizer('a', 'b'),
        transport,
        clock: fakeClock(),
      });
    assert.equal(
      make('https://h:8443/apis').resolve('users/a/appliances/201').href,
      'https://h:8443/apis/users/a/appliances/201',
    );
    assert.equal(make('https://h/').resolve('/users/a').href, 'https://h/users/a');
    assert.throws(() => make('ftp://h/'), /starts with http/);
    assert.throws(() => make('https://a:b@h/api'), /must not contain a login/);
    assert.throws(() => make('nonsense'), /Invalid URL/);
  });

  test('ids in them are exact', () => {
    assert.deepEqual(parseImageUri('users/a/appliances/1/images/9007199254740993/status'), {
      aid: 1,
      itid: 9007199254740993n,
    });
    assert.deepEqual(parseImageUri('https://h/api/users/a%40b/appliances/12/images/3?x'), {
      aid: 12,
      itid: 3,
    });
    assert.equal(parseImageUri('users/a/appliances/1'), undefined);
    assert.deepEqual(parseApplianceUri('users/a/appliances/1/images/2'), { aid: 1 });
    assert.equal(parseApplianceUri('users/a/appliances/x'), undefined);
  });
});

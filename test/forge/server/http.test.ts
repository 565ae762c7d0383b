import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, suite, test } from 'node:test';
import { basic, element, errorOf, startForge, temporaryFolder, type TestForge } from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(folder.path, [], { FORGE_USER: 'jo@example.org', FORGE_PASSWORD: 'ä:b c' });
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const home = '/users/jo%40example.org';

/** What fetch can't send: any Host, any request target. */
function raw(path: string, headers: Record<string, string>): Promise<{ status: number; text: string }> {
  const { port } = new URL(forge.url);
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject).end();
  });
}

suite('who may ask', () => {
  test('the status needs no credentials, but refuses wrong ones', async () => {
    const anonymous = await forge.call('GET', '/status', { authorization: null });
    assert.equal(anonymous.status, 200);
    assert.equal(element(anonymous.text, 'alive'), 'true');
    const wrong = await forge.call('GET', '/status', { authorization: basic('jo@example.org', 'no') });
    errorOf(wrong, 401, 'ERROR.AUTHENTICATION.INVALID');
    assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic /);
  });

  test('everything else needs them, also what does not exist', async () => {
    for (const path of [home, `${home}/appliances`, `${home}/images/status`, '/nowhere', '/distributions']) {
      errorOf(await forge.call('GET', path, { authorization: null }), 401, 'ERROR.AUTHENTICATION.INVALID');
    }
    for (const authorization of ['Basic', 'Basic !!!', 'Basic am8=', 'Bearer abc', basic('jo', 'ä:b c')]) {
      errorOf(await forge.call('GET', home, { authorization }), 401, 'ERROR.AUTHENTICATION.INVALID');
    }
    assert.equal((await forge.call('GET', home)).status, 200, 'a password may have colons and umlauts');
    const scheme = basic('jo@example.org', 'ä:b c').replace('Basic', 'bASIC');
    assert.equal((await forge.call('GET', home, { authorization: scheme })).status, 200);
  });

  test('nobody is somebody else', async () => {
    errorOf(await forge.call('GET', '/users/root/appliances'), 403, 'ERROR.AUTHORIZATION.OTHER_USER');
  });

  test('another host name is refused, whatever the credentials: a page may have its name point here', async () => {
    const { port } = new URL(forge.url);
    const authorization = basic('jo@example.org', 'ä:b c');
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1', '127.0.0.1:1']) {
      const { status, text } = await raw('/api/status', { host, authorization });
      assert.equal(status, 403, host);
      assert.equal(element(text, 'messageId'), 'ERROR.AUTHORIZATION.HOST');
    }
    assert.equal((await raw('/api/status', { host: `LOCALHOST:${port}` })).status, 200);
  });

  test('a page of another origin is refused, whatever the credentials and however often it was answered', async () => {
    const { port } = new URL(forge.url);
    const authorization = basic('jo@example.org', 'ä:b c');
    const path = `${new URL(forge.url).pathname}${home}/images/status`;
    const own = { authorization, host: `127.0.0.1:${port}` };
    for (const mine of [
      {},
      { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'same-origin' },
      { origin: `http://localhost:${port}` },
      { 'sec-fetch-site': 'none' },
    ]) {
      assert.equal((await raw(path, { ...own, ...mine })).status, 200);
    }
    for (const foreign of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { origin: `https://127.0.0.1:${port}` },
      { origin: `http://127.0.0.1:${port}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: `http://127.0.0.1:${port}`, 'sec-fetch-site': 'cross-site' },
    ]) {
      const { status, text } = await raw(path, { ...own, ...foreign });
      assert.equal(status, 403, JSON.stringify(foreign));
      assert.equal(element(text, 'messageId'), 'ERROR.AUTHORIZATION.ORIGIN');
    }
  });

  test('no browser is made to ask a person for a password', async () => {
    for (const browser of [
      { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64)' },
      { 'sec-fetch-dest': 'image' },
      { 'sec-fetch-site': 'none' },
    ]) {
      const answer = await forge.call('GET', home, { authorization: null, headers: browser });
      errorOf(answer, 401, 'ERROR.AUTHENTICATION.INVALID');
      assert.equal(answer.headers.get('www-authenticate'), null, JSON.stringify(browser));
    }
    const curl = await forge.call('GET', home, { authorization: null, headers: { 'user-agent': 'curl/8' } });
    assert.match(curl.headers.get('www-authenticate') ?? '', /^Basic /);
  });
});

suite('what is where', () => {
  test('literal segments win over ids', async () => {
    const aid = `${home}/appliances/1/images`;
    errorOf(await forge.call('DELETE', `${aid}/statuses`), 405, 'ERROR.REQUEST.METHOD');
    errorOf(await forge.call('DELETE', `${aid}/platformtools/3`), 405, 'ERROR.REQUEST.METHOD');
    assert.match(
      errorOf(await forge.call('GET', `${aid}/7`), 404, 'ERROR.RESOURCE.NOT_FOUND'),
      /Appliance|Image/,
    );
  });

  test('documented but not served is said by name; unknown is not there; a wrong method names the right ones', async () => {
    const message = errorOf(await forge.call('GET', `${home}/sshkeys`), 501, 'ERROR.OPERATION.NOT_SERVED');
    assert.match(message, /sshKey_getAll/);
    errorOf(await forge.call('GET', `${home}/nonsense`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    const put = await forge.call('PUT', `${home}/imports`);
    errorOf(put, 405, 'ERROR.REQUEST.METHOD');
    assert.equal(put.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
    assert.equal((await forge.call('OPTIONS', `${home}/imports`)).status, 204);
  });

  test('ids that are none are just not there', async () => {
    for (const id of ['abc', '-1', '1.5', '99999999999999999999', '%00', '0x1', "1'--"]) {
      const { status } = await forge.call('GET', `${home}/appliances/${id}`);
      assert.equal(status, 404, id);
    }
    assert.equal(
      (await raw('/api/users/%/appliances', { authorization: basic('jo@example.org', 'ä:b c') })).status,
      404,
    );
    // As it was sent: what is matched is what was checked.
    for (const path of [`${home}/appliances/%2e%2e`, `${home}/appliances/..`, `/nowhere/..${home}`]) {
      const authorization = basic('jo@example.org', 'ä:b c');
      assert.equal((await raw(`/api${path}`, { authorization })).status, 404, path);
    }
    assert.ok((await raw('//[', {})).status < 500);
    const { port } = new URL(forge.url);
    assert.equal((await raw(`http://127.0.0.1:${port}/api/status?a?b`, {})).status, 200, 'the absolute form');
    assert.equal(forge.errors(), '', 'none of it was unexpected');
  });

  test('HEAD is GET without the body', async () => {
    const [head, get] = [await forge.call('HEAD', home), await forge.call('GET', home)];
    assert.equal(head.status, 200);
    assert.equal(head.text, '');
    assert.equal(head.headers.get('content-length'), String(Buffer.byteLength(get.text)));
    assert.equal(head.headers.get('etag'), get.headers.get('etag'));
  });
});

suite('how it is said', () => {
  test('every answer has the version and the language; XML unless JSON is wanted', async () => {
    for (const path of ['/status', home, `${home}/nonsense`, '/nowhere']) {
      const { headers, text } = await forge.call('GET', path);
      assert.match(headers.get('version') ?? '', /^3\.8\./);
      assert.equal(headers.get('content-language'), 'en');
      assert.equal(headers.get('content-type'), 'application/xml');
      assert.match(text, /^<\?xml /);
    }
    const { headers, text } = await forge.call('GET', home, { headers: { accept: 'application/json' } });
    assert.equal(headers.get('content-type'), 'application/json');
    const document = JSON.parse(text) as { user: { loginName: string; uri: string } };
    assert.equal(document.user.loginName, 'jo@example.org');
    assert.equal(document.user.uri, 'users/jo%40example.org');
    const both = { accept: 'application/xml;q=0.5, application/json;q=0.9' };
    assert.match((await forge.call('GET', home, { headers: both })).text, /^\{/);
    const other = await forge.call('GET', home, { headers: { accept: 'image/png' } });
    errorOf(other, 406, 'ERROR.REQUEST.ACCEPT');
  });

  test('an error is in the language asked for, English when it is another; data is as it is', async () => {
    const asked = async (path: string, language: string) => {
      const { headers, text } = await forge.call('GET', path, { headers: { 'accept-language': language } });
      return { language: headers.get('content-language'), message: element(text, 'message') };
    };
    const path = `${home}/appliances/7`;
    const french = { language: 'fr', message: 'Appliance d’identifiant 7 introuvable.' };
    const english = { language: 'en', message: 'Appliance with id 7 not found.' };
    assert.deepEqual(await asked(path, 'fr'), french);
    assert.deepEqual(await asked(path, 'de;q=0.9, fr-CA;q=0.8, en;q=0.1'), french);
    assert.deepEqual(await asked(path, 'de'), english);
    assert.deepEqual(await asked(path, 'fr;q=0.5, en-GB'), english);
    assert.deepEqual(await asked(path, 'fr;q=0'), english);
    assert.equal((await asked(home, 'fr')).language, 'en');
  });

  test('errors are JSON where JSON is wanted', async () => {
    const { text } = await forge.call('GET', `${home}/sshkeys?a=secret`, {
      headers: { accept: 'application/json' },
    });
    const { uforgeError } = JSON.parse(text) as { uforgeError: Record<string, unknown> };
    assert.equal(uforgeError['statusCode'], 501);
    assert.equal(uforgeError['requestMethod'], 'GET');
    assert.equal(uforgeError['requestUri'], '/api/users/jo%40example.org/sshkeys', 'without the query');
  });

  test('the formats the forge builds, and searching and paging among them', async () => {
    const names = async (query: string): Promise<string[]> => {
      const { status, text } = await forge.call('GET', `${home}/targetformats?${query}`, {
        headers: { accept: 'application/json' },
      });
      assert.equal(status, 200, text);
      const { targetFormats } = JSON.parse(text) as {
        targetFormats: { total: number; targetFormats: { targetFormat: { name: string }[] } };
      };
      return [
        String(targetFormats.total),
        ...targetFormats.targetFormats.targetFormat.map(({ name }) => name),
      ];
    };
    const all = await names('orderBy=name');
    assert.deepEqual(all.slice(1, 3), ['Amazon AWS', 'Citrix Xen Server']);
    assert.equal(all[0], String(all.length - 1));
    const second = await names('orderBy=name&descending=true&count=1&offset=1');
    assert.deepEqual(second, [all[0], all.at(-2)]);
    assert.deepEqual(await names(`query=${encodeURIComponent("name=='VirtualBox'")}`), ['1', 'VirtualBox']);
    assert.deepEqual(await names(`query=${encodeURIComponent('format.name==qcow2')}`), ['1', 'QCOW2']);
    assert.deepEqual(await names(`query=${encodeURIComponent("name=='none'")}`), ['0']);
    const broken = await forge.call(
      'GET',
      `${home}/targetformats?query=${encodeURIComponent("name=='x' and")}`,
    );
    assert.match(errorOf(broken, 400, 'ERROR.REQUEST.QUERY'), /\d/, 'names the position');
    for (const query of ['count=many', 'offset=-1', 'descending=perhaps']) {
      errorOf(await forge.call('GET', `${home}/targetformats?${query}`), 400, 'ERROR.REQUEST.QUERY');
    }
  });
});

suite('the same again', () => {
  test('an ETag that still fits is answered with 304, weak or in a list or as a star', async () => {
    const { headers } = await forge.call('GET', home);
    const etag = headers.get('etag') ?? '';
    assert.match(etag, /^"[0-9a-f]{32}"$/);
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const again = await forge.call('GET', home, { headers: { 'if-none-match': tag } });
      assert.equal(again.status, 304, tag);
      assert.equal(again.text, '');
      assert.equal(again.headers.get('etag'), etag);
    }
    const stale = await forge.call('GET', home, { headers: { 'if-none-match': '"0"' } });
    assert.equal(stale.status, 200);
  });
});

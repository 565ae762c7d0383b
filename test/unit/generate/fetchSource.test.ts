import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { DefinitionError } from '../../../src/appliance/text/definitionError.ts';
import { keptSources, sourceFetcher } from '../../../src/generate/fetchSource.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-sources-'))));
after(() => rm(folder, { recursive: true, force: true }));

/** A server of this computer, which a template reaches only where somebody has allowed it. */
async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const direct = { proxy: () => undefined };

suite('a source that is an address', () => {
  test('is fetched once, and asked for again only whether it is still the same', async () => {
    const statuses: number[] = [];
    await using web = await serving(({ headers }, response) => {
      const status = headers['if-none-match'] === '"1"' ? 304 : 200;
      statuses.push(status);
      response.writeHead(status, { etag: '"1"' }).end(status === 200 ? '#!/bin/sh\n' : undefined);
    });
    const fetchSource = sourceFetcher({ folder: join(folder, 'a'), allowed: [web.url], ...direct });
    const first = await fetchSource(`${web.url}/start.sh`);
    const second = await fetchSource(`${web.url}/start.sh`);
    assert.equal(await readFile(second, 'utf8'), '#!/bin/sh\n');
    assert.deepEqual([first === second, statuses], [true, [200, 304]]);
  });

  test('reaches no service of this computer and no private network, whatever leads there', async () => {
    let asked = 0;
    await using web = await serving((_, response) => {
      asked++;
      response.writeHead(302, { location: web.url.replace('127.0.0.1', 'localhost') }).end();
    });
    const fetchSource = sourceFetcher({ folder: join(folder, 'b'), ...direct });
    const { port } = new URL(web.url);
    for (const address of [
      web.url,
      `http://localhost:${port}/`,
      `http://[::1]:${port}/`,
      `http://2130706433:${port}/`,
      'http://169.254.169.254/latest/meta-data/',
      'http://10.0.0.1/x',
    ]) {
      await assert.rejects(() => fetchSource(address), /this computer or a private network/, address);
    }
    assert.equal(asked, 0);
    const allowed = sourceFetcher({ folder: join(folder, 'b'), allowed: [web.url], ...direct });
    await assert.rejects(() => allowed(`${web.url}/x`), /this computer or a private network/);
    assert.equal(asked, 1);
  });

  test('is refused, or followed, without waiting for the end of what the server says besides', async () => {
    await using web = await serving(({ url = '' }, response) => {
      if (url === '/file') response.end('x');
      else response.writeHead(url === '/moved' ? 302 : 404, { location: '/file' }).write('x'.repeat(100));
    });
    const signal = AbortSignal.timeout(20_000);
    const fetchSource = sourceFetcher({ folder: join(folder, 'e'), allowed: [web.url], ...direct });
    await assert.rejects(() => fetchSource(`${web.url}/gone`, signal), /the server answers 404/);
    assert.equal(await readFile(await fetchSource(`${web.url}/moved`, signal), 'utf8'), 'x');
  });

  test('is refused in a sentence when it is no file, too large, or holds a login, and leaves nothing', async () => {
    await using web = await serving(({ url = '' }, response) => {
      if (url === '/large') response.end('x'.repeat(2000));
      else if (url === '/page') response.setHeader('content-type', 'text/html').end('<p>');
      else response.writeHead(404).end('x');
    });
    const cache = join(folder, 'c');
    const fetchSource = sourceFetcher({ folder: cache, allowed: [web.url], maxBytes: 1000, ...direct });
    await assert.rejects(() => fetchSource(`${web.url}/large`), /larger than/);
    await assert.rejects(() => fetchSource(`${web.url}/page`), /answered with a web page/);
    await assert.rejects(() => fetchSource(`${web.url}/gone`), /the server answers 404/);
    const login = web.url.replace('//', '//me:hush@');
    await assert.rejects(
      () => fetchSource(`${login}/x`),
      (error: Error) => !error.message.includes('hush'),
    );
    await assert.rejects(() => fetchSource('sftp://example.org/x'), /no http, https or ftp address/);
    assert.deepEqual(await readdir(cache), []);
  });
});

suite('packing a template with sources that are addresses', () => {
  const stack = (rest: string): string => `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
${rest}`;
  const file = (): string => join(folder, 'template.yml');

  test('fetches what the image needs; without leave to do so they are refused', async () => {
    await using web = await serving((_, response) => response.end('#!/bin/sh\n'));
    const script = `{ name: a, source: '${web.url}/a.sh', type: bootscript, frequency: firstboot }`;
    await writeFile(file(), stack(`  config: [${script}]\n`));
    await assert.rejects(() => packTemplate(file()), /is an address\. Download the file/);
    const fetchSource = sourceFetcher({ folder: join(folder, 'd'), allowed: [web.url], ...direct });
    const { digest } = await packTemplate(file(), { fetchSource });
    assert.match(digest, /^[0-9a-f]{64}$/);
  });

  test('takes what was fetched last where nobody may wait for a network', async () => {
    const web = await serving((_, response) => response.end('#!/bin/sh\n'));
    const script = `{ name: a, source: '${web.url}/a.sh', type: bootscript, frequency: firstboot }`;
    await writeFile(file(), stack(`  config: [${script}]\n`));
    const cache = join(folder, 'f');
    const kept = { fetchSource: keptSources(cache) };
    await assert.rejects(() => packTemplate(file(), kept), /has not been fetched on this computer/);
    const fetchSource = sourceFetcher({ folder: cache, allowed: [web.url], ...direct });
    const { digest } = await packTemplate(file(), { fetchSource });
    await web[Symbol.asyncDispose]();
    assert.equal((await packTemplate(file(), kept)).digest, digest);
  });

  test('needs neither logos nor the files of bundles that are for other systems', async () => {
    const bundle = (rule: string): string =>
      `{ name: b, version: '1', sourceLogo: gone.png, restrictionRule: '${rule}', files: [{ name: f, source: gone }] }`;
    const logo = "  source_logo: 'https://example.org/logo.png'\n";
    await writeFile(file(), stack(`${logo}  bundles: [${bundle('Distribution#name=CentOS')}]\n`));
    await packTemplate(file());
    await writeFile(file(), stack(`${logo}  bundles: [${bundle('Distribution#name=Debian')}]\n`));
    await assert.rejects(
      () => packTemplate(file()),
      (error) => error instanceof DefinitionError && /There is no file .*gone\. /.test(error.message),
    );
  });
});

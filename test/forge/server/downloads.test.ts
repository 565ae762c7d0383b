import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient } from '../../../src/uforge/client/client.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { downloadImage } from '../../../src/uforge/download/download.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { leaveImage } from './seeded.ts';
import { basic, element, errorOf, startForge, temporaryFolder, type TestForge } from './support.ts';

const content = randomBytes(3_000_000);
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let image: Awaited<ReturnType<typeof leaveImage>>;
let uncompressed: Awaited<ReturnType<typeof leaveImage>>;
before(async () => {
  folder = await temporaryFolder();
  image = await leaveImage(folder.path, content);
  uncompressed = await leaveImage(folder.path, content, '{"image":{"compress":false}}');
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function downloadUri(): Promise<string> {
  const uri = element((await forge.call('GET', image.uri)).text, 'downloadUri');
  assert.match(uri ?? '', /\?downloadId=[0-9a-f]{32}$/);
  return `/${uri ?? ''}`;
}

async function bytesOf(
  path: string,
  headers: Record<string, string>,
): Promise<{ response: Response; bytes: Buffer }> {
  const response = await fetch(`${forge.url}${path}`, { headers });
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
}

suite('downloading an image', () => {
  test('is announced with size and checksums, survives a restart, and needs key or credentials', async () => {
    const { text } = await forge.call('GET', image.uri);
    assert.equal(element(text, 'sha256sum'), image.sha256);
    assert.equal(element(text, 'fileSize'), String(content.length));
    assert.equal(element(text, 'fileName'), image.fileName);
    const none = await forge.call('GET', `${image.uri}/downloads`, { authorization: null });
    errorOf(none, 401, 'ERROR.AUTHENTICATION.INVALID');
    const wrong = await forge.call('GET', `${image.uri}/downloads?downloadId=${'0'.repeat(32)}`, {
      authorization: null,
    });
    errorOf(wrong, 403, 'ERROR.DOWNLOAD.KEY');
    const { response, bytes } = await bytesOf(`${image.uri}/downloads`, {
      authorization: basic(forge.user, forge.password),
    });
    assert.equal(response.status, 200);
    assert.ok(bytes.equals(content));
    assert.match(
      response.headers.get('content-disposition') ?? '',
      /filename\*=UTF-8''left%201\.0rev1%20%C3%BC\.qcow2/,
    );
  });

  test('a key is good once, also for two at the same moment, and a spent one changes the image', async () => {
    const uri = await downloadUri();
    assert.equal(await downloadUri(), uri, 'unspent, it stays');
    const first = await forge.call('GET', image.uri);
    const etag = first.headers.get('etag') ?? '';
    const unchanged = await forge.call('GET', image.uri, { headers: { 'if-none-match': etag } });
    assert.equal(unchanged.status, 304, 'the key in hand is still good');
    assert.equal(
      (await forge.call('HEAD', uri, { authorization: null })).status,
      200,
      'looking spends nothing',
    );
    const both = await Promise.all([bytesOf(uri, {}), bytesOf(uri, {}), bytesOf(uri, {})]);
    assert.deepEqual(both.map(({ response }) => response.status).sort(), [200, 403, 403]);
    assert.ok(both.find(({ response }) => response.status === 200)?.bytes.equals(content));
    const changed = await forge.call('GET', image.uri, { headers: { 'if-none-match': etag } });
    assert.equal(changed.status, 200, 'a 304 would leave the client with a spent key');
    assert.notEqual(await downloadUri(), uri);
    const dated = { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() };
    assert.equal((await forge.call('GET', image.uri, { headers: dated })).status, 200);
  });

  test('a spent key of somebody with credentials does not spend the next one', async () => {
    const spent = await downloadUri();
    await bytesOf(spent, {});
    const next = await downloadUri();
    const authorization = basic(forge.user, forge.password);
    assert.equal((await bytesOf(spent, { authorization })).response.status, 200);
    assert.equal((await bytesOf(next, {})).response.status, 200);
  });

  test('ranges: from, to, the last ones, outside, of another file', async () => {
    const authorization = basic(forge.user, forge.password);
    const uri = `${image.uri}/downloads/${encodeURIComponent(image.fileName)}`;
    const part = async (range: string, more: Record<string, string> = {}): ReturnType<typeof bytesOf> =>
      bytesOf(uri, { authorization, range, ...more });
    const rest = await part('bytes=1000000-');
    assert.equal(rest.response.status, 206);
    assert.equal(rest.response.headers.get('content-range'), `bytes 1000000-2999999/3000000`);
    assert.ok(rest.bytes.equals(content.subarray(1_000_000)));
    assert.ok((await part('bytes=5-9')).bytes.equals(content.subarray(5, 10)));
    assert.ok((await part('bytes=-7')).bytes.equals(content.subarray(-7)));
    assert.ok((await part('bytes=2999999-9999999')).bytes.equals(content.subarray(-1)));
    const outside = await part('bytes=3000000-');
    assert.equal(outside.response.status, 416);
    assert.equal(outside.response.headers.get('content-range'), 'bytes */3000000');
    assert.equal((await part('bytes=-0')).response.status, 416);
    for (const range of ['bytes=0-1,5-6', 'lines=1-2', 'bytes=9-5', 'bytes=a-b']) {
      assert.equal((await part(range)).response.status, 200, range);
    }
    assert.equal((await part('bytes=5-9', { 'if-range': '"other"' })).response.status, 200);
    assert.equal((await part('bytes=5-9', { 'if-range': `"${image.sha256}"` })).response.status, 206);
    const known = await bytesOf(uri, { authorization, 'if-none-match': `"${image.sha256}"` });
    assert.equal(known.response.status, 304);
  });

  test('what was requested without compress is there all the same, at the address that is offered', async () => {
    const offered = element((await forge.call('GET', uncompressed.uri)).text, 'downloadUri');
    assert.ok(offered !== undefined);
    const { response, bytes } = await bytesOf(`/${offered}`, {});
    assert.equal(response.status, 200);
    assert.ok(bytes.equals(content));
  });

  test('names that are not the file are refused', async () => {
    for (const name of ['other', '..%2f..%2fforge.db', '%2fetc%2fpasswd']) {
      errorOf(await forge.call('GET', `${image.uri}/downloads/${name}`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
  });

  test('our own client brings it whole, finds the log, and reads the packages', async () => {
    await using transport = createUndiciTransport();
    const authorizer = basicAuthorizer(forge.user, forge.password);
    const client = createClient({
      baseUrl: forge.url,
      uid: forge.user,
      authorizer,
      transport,
      clock: systemClock,
    });
    const [aid, itid] = [1, 1];
    const { path, verified } = await downloadImage({
      client,
      aid,
      itid,
      directory: join(folder.path, 'out'),
      clock: systemClock,
      onProgress: () => undefined,
    });
    assert.equal(verified, 'sha256');
    assert.ok((await readFile(path)).equals(content));
    assert.equal(await client.imageLog({ aid, itid }), 'said the build\n');
    const { imagePkgs } = await client.machineImagePkg_getAll({ aid, itid });
    assert.equal(imagePkgs[0]?.pkg?.name, 'bash');
    const before = await client.machineImage_get({ aid, itid });
    assert.equal(await client.machineImage_get({ aid, itid }), before, '304 gives the identical object');
  });

  test('a deleted image is gone: ticket, file, log, key', async () => {
    const uri = await downloadUri();
    assert.equal((await forge.call('DELETE', image.uri)).status, 204);
    errorOf(await forge.call('GET', image.uri), 404, 'ERROR.RESOURCE.NOT_FOUND');
    errorOf(await forge.call('GET', `${image.uri}/log`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    errorOf(await forge.call('GET', uri, { authorization: null }), 403, 'ERROR.DOWNLOAD.KEY');
    await assert.rejects(readFile(join(folder.path, 'images', '1', image.fileName)));
    await assert.rejects(readFile(join(folder.path, 'logs', '1.log')));
    assert.equal(forge.errors(), '');
  });
});

import assert from 'node:assert/strict';
import { readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { leaveWorld } from '../contract/world.ts';
import {
  basic,
  element,
  errorOf,
  startForge,
  temporaryFolder,
  until,
  type Answer,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
before(async () => {
  folder = await temporaryFolder();
  await leaveWorld(folder.path);
  await writeFile(join(folder.path, 'images', '1', 'secret'), 'not for the network');
  await symlink('../secret', join(folder.path, 'images', '1', 'files', 'link'));
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const appliance = '/users/forge/appliances/1';
const image = `${appliance}/images/1`;

function post(path: string, document: object): Promise<Answer> {
  return forge.call('POST', path, {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(document),
  });
}

/** The path as it is, which fetch would tidy. */
function raw(path: string): Promise<number | undefined> {
  const { port } = new URL(forge.url);
  const headers = { authorization: basic(forge.user, forge.password) };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path: `/api${path}`, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    sent.on('error', reject).end();
  });
}

/** In no file of the forge's folder. */
const hush = 'hush-hush-7d2c';

suite('publishing', () => {
  test('to a platform without a publisher ends in error, with a sentence that says which there are', async () => {
    const asked = await post(`${image}/pimages`, {
      publishImage: {
        '@xsi.type': 'PublishImageVSphere',
        displayName: 'web',
        credAccount: { '@xsi.type': 'CredAccountVSphere', name: 'none', password: hush },
      },
    });
    assert.match(errorOf(asked, 400, 'ERROR.PUBLICATION.ACCOUNT'), /no cloud account none/);
    const account = { '@xsi.type': 'CredAccountVSphere', name: 'vc', password: hush };
    assert.equal((await post('/users/forge/accounts', { credAccount: account })).status, 201);
    const made = await post(`${image}/pimages`, {
      publishImage: {
        ...{ '@xsi.type': 'PublishImageVSphere', displayName: 'web', credAccount: account },
        installProfile: { rootUser: { password: hush } },
      },
    });
    assert.equal(made.status, 201, made.text);
    assert.match(made.text, /xsi:type="ns0:PublishImageVSphere"/);
    assert.match(made.text, /<credAccount xsi:type="ns0:CredAccountVSphere">/);
    assert.ok(!made.text.includes(hush));
    for (const name of await readdir(folder.path, { recursive: true })) {
      const bytes = await readFile(join(folder.path, name)).catch(() => Buffer.alloc(0));
      assert.ok(!bytes.includes(hush), `${name} has the password`);
    }
    const pitid = element(made.text, 'dbId') ?? '';
    const status = async (): Promise<string> =>
      (await forge.call('GET', `${image}/pimages/${pitid}/status`)).text;
    await until('it has ended', async () => element(await status(), 'error') === 'true');
    assert.match(
      element(await status(), 'errorMessage') ?? '',
      /can’t publish to VMware vCenter: it has publishers for Docker, /,
    );
    errorOf(
      await forge.call('DELETE', `${image}/pimages/${pitid}/cancel`),
      409,
      'ERROR.PUBLICATION.NOT_PUBLISHING',
    );
    errorOf(
      await post(`${image}/pimages/${pitid}/deploys`, { deployment: {} }),
      409,
      'ERROR.PUBLICATION.NOT_PUBLISHED',
    );
    errorOf(await forge.call('GET', `${appliance}/pimages/${pitid}/downloads`), 409, 'ERROR.IMAGE.NOT_READY');
  });

  test('of what is no publication is refused', async () => {
    errorOf(await post(`${image}/pimages`, { publishImage: {} }), 400, 'ERROR.PUBLICATION.KIND');
    const aws = { '@xsi.type': 'PublishImageAws' };
    errorOf(await post(`${appliance}/pimages`, { publishImage: aws }), 400, 'ERROR.PUBLICATION.IMAGE');
    const elsewhere = { ...aws, imageUri: 'users/forge/appliances/1/images/99' };
    errorOf(await post(`${appliance}/pimages`, { publishImage: elsewhere }), 400, 'ERROR.PUBLICATION.IMAGE');
  });

  test('a publication is downloaded once with its key, in both spellings', async () => {
    for (const spelling of ['id', 'downloadId']) {
      const { text } = await forge.call('GET', `${image}/pimages/1`);
      const key = element(text, 'downloadKey') ?? '';
      assert.equal(element(text, 'downloadUri'), `users/forge/appliances/1/pimages/1/downloads?id=${key}`);
      const uri = `${appliance}/pimages/1/downloads?${spelling}=${key}`;
      assert.equal((await forge.call('GET', uri, { authorization: null })).text, 'the image');
      errorOf(await forge.call('GET', uri, { authorization: null }), 403, 'ERROR.DOWNLOAD.KEY');
    }
    const wrong = `${appliance}/pimages/1/downloads?downloadId=${'0'.repeat(32)}`;
    errorOf(await forge.call('GET', wrong, { authorization: null }), 403, 'ERROR.DOWNLOAD.KEY');
    const foreign = wrong.replace('/users/forge', '/users/bare');
    errorOf(await forge.call('GET', foreign, { authorization: null }), 403, 'ERROR.DOWNLOAD.KEY');
  });

  test('are listed by their images', async () => {
    const made = await post(`${image}/pimages`, { publishImage: { '@xsi.type': 'PublishImageAws' } });
    assert.equal(made.status, 201);
    const all = await forge.call('GET', '/users/forge/pimages?img=users/forge/appliances/1/images/1');
    assert.notEqual(element(all.text, 'total'), '0');
    const none = await forge.call('GET', '/users/forge/pimages?img=users/forge/appliances/1/images/2');
    assert.equal(element(none.text, 'total'), '0');
  });
});

suite('booting over the network', () => {
  test('the script offers the user’s images, with a key for each and no credentials', async () => {
    const { headers, text } = await forge.call('GET', '/users/forge/pxe');
    assert.match(text, /^#!ipxe\n/);
    assert.match(text, /item 1 left 1\.0 revision 1 \(image 1\)/);
    const { host } = new URL(forge.url);
    assert.ok(text.includes(`\nset base http://${host}/api/\n`));
    assert.match(
      text,
      /set files \$\{base\}users\/forge\/appliances\/1\/images\/1\/files\/[0-9a-f]{32}\nchain \$\{files\}\/boot\.ipxe/,
    );
    assert.ok(!text.includes(forge.password));
    assert.doesNotMatch(text, /login|username|password|@/);
    assert.equal(headers.get('content-type'), 'application/octet-stream');
    const bare = await forge.call('GET', '/users/bare/pxe', {
      authorization: basic('bare', 'bare password'),
    });
    assert.match(errorOf(bare, 404, 'ERROR.RESOURCE.NOT_FOUND'), /Generate one in the format PXE/);
  });

  test('files are served with ranges, and there is no way out of their folder', async () => {
    const { headers, text, status } = await forge.call('GET', `${image}/files/boot.ipxe`);
    assert.equal(status, 200);
    assert.match(text, /^#!ipxe\nkernel/);
    const part = await forge.call('GET', `${image}/files/boot.ipxe`, { headers: { range: 'bytes=2-5' } });
    assert.deepEqual([part.status, part.text], [206, 'ipxe']);
    const same = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
    assert.equal((await forge.call('GET', `${image}/files/boot.ipxe`, same)).status, 304);
    for (const way of [
      '../secret',
      '..%2fsecret',
      '%2e%2e/secret',
      '%2e%2e%2fsecret',
      './boot.ipxe',
      'boot.ipxe/..',
      '/etc/passwd',
      '%2fetc%2fpasswd',
      'link',
      '..',
      'boot.ipxe%00',
      'boot.ipxe/x',
      'a'.repeat(5000),
    ]) {
      assert.equal(await raw(`${image}/files/${way}`), 404, way);
    }
    errorOf(
      await forge.call('GET', `${image}/files/boot.ipxe`, { authorization: null }),
      401,
      'ERROR.AUTHENTICATION.INVALID',
    );
    assert.equal(forge.errors(), '');
  });

  test('a key opens the files of its image to who has no credentials, and nothing else', async () => {
    const { text: script } = await forge.call('GET', '/users/forge/pxe');
    const key = /\/images\/1\/files\/([0-9a-f]{32})$/m.exec(script)?.[1] ?? '';
    const anybody = (path: string, authorization: string | null = null) =>
      forge.call('GET', path, { authorization });
    const opened = await anybody(`${image}/files/${key}/boot.ipxe`);
    assert.equal(opened.status, 200);
    assert.match(opened.text, /^#!ipxe\nkernel/);
    assert.equal((await anybody(`${image}/files/${key}/../secret`)).status, 401, 'no way out');
    assert.equal((await anybody(`${image}/files/${key}/..%2f..%2fsecret`)).status, 404);
    assert.equal((await forge.call('GET', `${image}/files/${key}/boot.ipxe`)).status, 200);
    const wrong = key.replace(/./, (digit) => (digit === '0' ? '1' : '0'));
    for (const path of [
      `${image}/files/${key}`,
      `${image}/files/${wrong}/boot.ipxe`,
      `${image}/files/boot.ipxe`,
      `${image.replace(/1$/, '2')}/files/${key}/boot.ipxe`,
      image,
      `${image}/status`,
      '/users/forge/pxe',
    ]) {
      errorOf(await anybody(path), 401, 'ERROR.AUTHENTICATION.INVALID');
    }
    const stranger = basic('bare', 'bare password');
    assert.equal((await anybody(`${image}/files/${key}/boot.ipxe`, stranger)).status, 403);
    assert.equal((await anybody(`${image}/files/${key}/boot.ipxe`, basic('forge', 'no'))).status, 401);
    assert.equal((await forge.call('DELETE', image)).status, 204);
    assert.equal((await anybody(`${image}/files/${key}/boot.ipxe`)).status, 404);
  });
});

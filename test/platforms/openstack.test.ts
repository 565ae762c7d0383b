import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { leaveImage } from '../forge/server/seeded.ts';
import {
  element,
  errorOf,
  startForge,
  stop,
  temporaryFolder,
  type TestForge,
} from '../forge/server/support.ts';
import { badWayTo } from '../support/badWay.ts';
import { ended, keepAccount, publish, resourcesOf } from '../support/publishing.ts';
import { startOpenStack } from './servers.ts';

const mib = 1024 * 1024;
const size = 12 * mib;
const login = { login: 'me', password: 'let me in' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Awaited<ReturnType<typeof startOpenStack>>;
let forge: TestForge;
let content: Buffer;
let image: string;
before(async () => {
  folder = await temporaryFolder();
  // Glance looks into what it is sent.
  const [raw, disk] = [join(folder.path, 'raw'), join(folder.path, 'qcow2')];
  await writeFile(raw, randomBytes(size));
  await promisify(execFile)('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, disk]);
  content = await readFile(disk);
  image = (await leaveImage(folder.path, content, '{"image":{"compress":false}}', { ...qcow2 })).uri;
  server = await startOpenStack();
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const qcow2 = { targetFormat: 'OpenStack QCOW2', extension: 'qcow2', mimeType: 'application/x-qemu-disk' };

let accounts = 0;
interface Asked {
  readonly kind?: 'OpenStack' | 'SuseCloud' | 'Cloudwatt';
  readonly account?: object;
  readonly request?: object;
}

async function ask({ kind = 'OpenStack', account, request }: Asked = {}, of = image): Promise<string> {
  const $type = `CredAccount${kind}`;
  const dbId = await keepAccount(forge, {
    ...{ '@xsi.type': $type, name: `cloud ${++accounts}`, keystoneUrl: server.keystone, ...login },
    ...account,
  });
  return await publish(forge, of, {
    ...{ '@xsi.type': `PublishImage${kind}`, credAccount: { '@xsi.type': $type, dbId } },
    ...{ displayName: 'shop', keystoneDomain: 'Default', keystoneProject: 'web' },
    ...request,
  });
}

interface Described {
  readonly id: string;
  readonly status: string;
  readonly [name: string]: unknown;
}

/** What Glance has, told to the same user by Glance itself. */
async function images(): Promise<readonly Described[]> {
  const user = { name: login.login, domain: { id: 'default' }, password: login.password };
  const scope = { project: { name: 'web', domain: { id: 'default' } } };
  const auth = { identity: { methods: ['password'], password: { user } }, scope };
  const { headers } = await fetch(`${server.keystone}/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth }),
  });
  token = headers.get('x-subject-token') ?? '';
  const answer = await fetch(`${server.glance}/v2/images`, { headers: { 'x-auth-token': token } });
  return ((await answer.json()) as { readonly images: readonly Described[] }).images;
}
let token = '';

/** Files of images that Glance has. */
async function files(): Promise<readonly string[]> {
  return await readdir(join(server.folder, 'images'));
}

suite('publishing to OpenStack', () => {
  test('makes an image with what it takes to start it, byte for byte', async () => {
    const { state, message, text } = await ended(forge, await ask());
    assert.equal(state, 'done', message);
    const made = (await images()).find(({ id }) => id === element(text, 'cloudId'));
    assert.equal(made?.status, 'active');
    assert.equal(made['os_hash_value'], createHash('sha512').update(content).digest('hex'));
    const { name, visibility, disk_format, hw_disk_bus, hw_firmware_type, os_distro, os_version } = made;
    assert.deepEqual(
      { name, visibility, disk_format, hw_disk_bus, hw_firmware_type, os_distro, os_version },
      {
        ...{ name: 'shop', visibility: 'private', disk_format: 'qcow2', hw_disk_bus: 'virtio' },
        ...{ hw_firmware_type: 'bios', os_distro: 'debian', os_version: '12' },
      },
    );
    const location = element(text, 'publishLocation') ?? '';
    assert.equal(location, `${server.glance}/v2/images/${made.id}`);
    const read = await fetch(`${location}/file`, { headers: { 'x-auth-token': token } });
    assert.ok(content.equals(Buffer.from(await read.arrayBuffer())));
    await fetch(location, { method: 'DELETE', headers: { 'x-auth-token': token } });
  });

  test('says which projects an account may use, and whether it is let in', async () => {
    const account = { '@xsi.type': 'CredAccountOpenStack', keystoneUrl: `${server.keystone}/v3/` };
    const right = await resourcesOf(forge, await keepAccount(forge, { ...account, name: 'right', ...login }));
    assert.equal(right.status, 200, right.text);
    assert.match(right.text, /<value>web<\/value>/);
    const wrong = await keepAccount(forge, { ...account, name: 'wrong', login: 'me', password: 'hush-8f1' });
    const refused = errorOf(await resourcesOf(forge, wrong), 409, 'ERROR.PLATFORM.REFUSED');
    assert.match(refused, /does not accept the account’s login/);
  });

  test('is the same for its other names, and for a tenant', async () => {
    for (const kind of ['SuseCloud', 'Cloudwatt'] as const) {
      const request = { keystoneDomain: undefined, keystoneProject: undefined, tenantName: 'web' };
      const asked = await ask({ kind, account: { glanceUrl: `${server.glance}/v2` }, request });
      const { state, message, text } = await ended(forge, asked);
      assert.equal(state, 'done', message);
      const location = element(text, 'publishLocation') ?? '';
      await images();
      assert.equal(
        (await fetch(location, { method: 'DELETE', headers: { 'x-auth-token': token } })).status,
        204,
      );
    }
  });

  test('gets through a connection that breaks and a server that is busy', async () => {
    await using way = await badWayTo(Number(new URL(server.glance).port));
    way.cutAt(size / 2);
    way.answer(503, 1, size);
    const glanceUrl = `http://127.0.0.1:${way.port}`;
    const { state, message, text } = await ended(forge, await ask({ account: { glanceUrl } }));
    assert.equal(state, 'done', message);
    assert.deepEqual(
      (await images()).map(({ id }) => id),
      [element(text, 'cloudId')],
    );
    await fetch(`${server.glance}/v2/images/${element(text, 'cloudId') ?? ''}`, {
      ...{ method: 'DELETE', headers: { 'x-auth-token': token } },
    });
  });

  for (const share of [0.1, 0.5, 0.99]) {
    test(`cancelled at ${share * 100} % leaves nothing`, async () => {
      await using way = await badWayTo(Number(new URL(server.glance).port));
      const held = way.holdAt(size * share);
      const publication = await ask({ account: { glanceUrl: `http://127.0.0.1:${way.port}` } });
      await held;
      const cancelling = forge.call('DELETE', `${publication}/cancel`);
      way.release();
      const { text } = await cancelling;
      assert.equal(element(text, 'cancelled'), 'true', text);
      assert.deepEqual(await images(), []);
      assert.deepEqual(await files(), []);
    });
  }

  test('of a forge that was killed in the middle ends in error when it is started again, and nothing is left', async () => {
    await using way = await badWayTo(Number(new URL(server.glance).port));
    const held = way.holdAt(size / 2);
    const publication = await ask({ account: { glanceUrl: `http://127.0.0.1:${way.port}` } });
    await held;
    assert.equal((await images()).length, 1);
    await stop(forge.child, 'SIGKILL');
    way.release();
    forge = await startForge(folder.path);
    const { state, message } = await ended(forge, publication);
    assert.deepEqual(
      [state, message],
      ['failed', 'The forge was stopped while this image was being published.'],
    );
    assert.deepEqual(await images(), []);
    assert.deepEqual(await files(), []);
  });

  test('that is refused says why, and leaves nothing', async () => {
    const wrong = await ended(forge, await ask({ account: { password: 'hush-8f1' } }));
    assert.match(wrong.message, /does not let the account into the project “web” of the domain “Default”/);
    assert.match(wrong.detail, /401/);
    const elsewhere = await ended(forge, await ask({ request: { keystoneProject: 'nowhere' } }));
    assert.match(elsewhere.message, /into the project “nowhere”/);
    const open = await ended(forge, await ask({ request: { publicImage: true } }));
    assert.match(open.message, /127\.0\.0\.1:\d+ does not allow this account to make an image/);
    const large = await leaveImage(folder.path, randomBytes(41 * mib), '{"image":{}}', { ...qcow2 });
    const full = await ended(forge, await ask({}, large.uri));
    assert.match(full.message, /has no room left for this account: it refused to store the image/);
    assert.match(full.detail, /quota/i);
    const archive = { ...qcow2, extension: 'zip' };
    const packed = await leaveImage(folder.path, Buffer.from('zip'), '{"image":{}}', archive);
    const zip = await ended(forge, await ask({}, packed.uri));
    assert.match(zip.message, /takes one disk as it is, and this OpenStack QCOW2 image is a zip file/);
    assert.deepEqual(await images(), []);
  });
});

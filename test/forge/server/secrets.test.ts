import assert from 'node:assert/strict';
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { apiKeyAuthorizer, basicAuthorizer, signUri } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import type { Dto } from '../../../src/uforge/dto.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { concreteSubtypes } from '../../../src/uforge/schema/table.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { errorOf, startForge, temporaryFolder, type TestForge } from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
const transport = createUndiciTransport();
let client: UForgeClient;
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(folder.path);
  client = clientOf(basicAuthorizer(forge.user, forge.password));
});
after(async () => {
  await transport[Symbol.asyncDispose]();
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function clientOf(authorizer: ReturnType<typeof basicAuthorizer>): UForgeClient {
  return createClient({ baseUrl: forge.url, uid: forge.user, authorizer, transport, clock: systemClock });
}

const isRefused = (kind: string) => (error: unknown) => error instanceof UForgeError && error.kind === kind;

/** Whether any file of the data folder but the key holds the text. */
async function isOnDisk(text: string): Promise<boolean> {
  for (const name of await readdir(folder.path, { recursive: true })) {
    const content = await readFile(join(folder.path, name), 'latin1').catch(() => '');
    if (content.includes(text)) return true;
  }
  return false;
}

suite('API keys', () => {
  test('a pair signs requests in both encodings, until it is deleted', async () => {
    const made = await client.apiKey_create({}, { name: 'ci', description: 'for the build server' });
    const { publicKey = '', secretKey = '', dbId: akid = 0 } = made;
    assert.ok(publicKey.length >= 32 && secretKey.length >= 32);
    for (const encoding of ['raw', 'hex'] as const) {
      const signing = clientOf(apiKeyAuthorizer(publicKey, secretKey, { encoding }));
      assert.equal((await signing.user_get()).loginName, forge.user);
      const found = await signing.appliance_getAll({ query: "name=='it\\'s & so'", count: 1 });
      assert.equal(found.total, 0, 'a query is signed as it is sent');
      assert.equal((await signing.uforgeStatus_get()).alive, true);
    }
    assert.equal(await isOnDisk(secretKey), false);
    const [listed] = (await client.apiKey_getAll()).apiKeyPairs;
    assert.equal(listed?.publicKey, publicKey);
    assert.equal(listed.secretKey, undefined, 'told once');
    const renamed = await client.apiKey_update({ akid }, { name: 'other' });
    assert.deepEqual([renamed.name, renamed.publicKey, renamed.secretKey], ['other', publicKey, undefined]);

    const signing = clientOf(apiKeyAuthorizer(publicKey, secretKey));
    for (let times = 0; times < 3; times++) await signing.userMachineImageStatus_get({});
    await client.apiKey_delete({ akid });
    await assert.rejects(signing.userMachineImageStatus_get({}), isRefused('authentication'));
    await assert.rejects(signing.user_get(), isRefused('authentication'));
    await assert.rejects(client.apiKey_update({ akid }, {}), isRefused('notFound'));
  });

  test('a signature holds for its URI only, and for all that is in it, in any order', async () => {
    const { publicKey = '', secretKey = '' } = await client.apiKey_create({}, {});
    const authorizer = apiKeyAuthorizer(publicKey, secretKey);
    const { relativeUri } = authorizer.authorize(`users/${forge.user}/appliances`);
    const call = (path: string) => forge.call('GET', `/${path}`, { authorization: null });
    assert.equal((await call(relativeUri)).status, 200);
    const sorted = `users/${forge.user}/appliances?apiKey=${publicKey}&count=1&orderBy=name`;
    const signature = encodeURIComponent(signUri(sorted, secretKey, 'raw'));
    for (const right of [
      `${sorted}&signature=${signature}`,
      sorted.replace('&count', `&signature=${signature}&count`),
      `/${sorted}&signature=${signature}`,
    ]) {
      assert.equal((await call(right)).status, 200, right);
    }
    for (const wrong of [
      `${sorted}&signature=${signature}`.replace('count=1', 'count=2'),
      `${sorted}&signature=${signature}&signature=${signature}`,
      relativeUri.replace('appliances', 'imports'),
      `${relativeUri}&count=1`,
      relativeUri.replace(/signature=...../, 'signature=AAAAA'),
      relativeUri.replace(/apiKey=[^&]*/, 'apiKey=nobody'),
      relativeUri.replace(/&signature.*/, ''),
    ]) {
      errorOf(await call(wrong), 401, 'ERROR.AUTHENTICATION.INVALID');
    }
    const status = authorizer.authorize('status').relativeUri;
    assert.equal((await call(status)).status, 200);
    assert.equal((await call(status.replace(/=[^=]{5}/, '=AAAAA'))).status, 401, 'it is checked there too');
  });
});

suite('cloud accounts', () => {
  const secret = 'hush-hush-12345';
  const kinds = concreteSubtypes('CredAccount');

  /** Every kind of account, with every element that is text filled. */
  function accountOf($type: (typeof kinds)[number], name: string): Dto<'CredAccount'> {
    const secrets = {
      CredAccountAws: { secretAccessKeyId: secret, accessKeyId: 'visible' },
      CredAccountAzure: { applicationKey: secret, tenantId: 'visible' },
      CredAccountCloudStack: { secretApiKey: secret, publicApiKey: 'visible' },
      CredAccountGoogle: {
        certificates: [{ name: 'visible', type: 'googleCertificate', content: Buffer.from(secret) }],
      },
      CredAccountOpenShift: { token: secret, registryUrl: 'http://visible' },
      CredAccountOutscale: { secretAccessKeyId: secret, accessKeyId: 'visible' },
    }[$type as string] ?? { password: secret, login: 'visible' };
    return { $type, name, ...secrets };
  }

  test('of every kind keep their secrets to themselves, in both media types and on the disk', async () => {
    assert.ok(kinds.length >= 14);
    for (const [index, kind] of kinds.entries()) {
      const name = `account ${index}`;
      const account = accountOf(kind, name);
      const made = await client.cloudAccount_create({}, account);
      assert.equal(made.$type, kind);
      assert.equal(made.secretsMissing, false);
      for (const accept of ['application/xml', 'application/json']) {
        const { text } = await forge.call('GET', `/${made.uri ?? ''}`, { headers: { accept } });
        assert.match(text, /visible/, kind);
        assert.doesNotMatch(text, new RegExp(`${secret}|${Buffer.from(secret).toString('base64')}`), kind);
      }
      await assert.rejects(client.cloudAccount_create({}, account), isRefused('conflict'));
    }
    const { total, credAccounts } = await client.cloudAccount_getAll({ query: "name=='account 1*'" });
    assert.equal(total, credAccounts.length);
    assert.equal(await isOnDisk(secret), false);
    assert.equal(await isOnDisk(Buffer.from(secret).toString('base64')), false);
    const { mode } = await stat(join(folder.path, 'vault.key'));
    assert.equal(mode & 0o777, 0o600);
  });

  test('are changed without saying the secrets again, and deleted', async () => {
    const made = await client.cloudAccount_create({}, { ...accountOf('CredAccountOpenStack', 'os') });
    const caid = made.dbId ?? 0;
    const changed = await client.cloudAccount_update({ caid }, { ...made, name: 'os2' });
    assert.deepEqual([changed.name, changed.secretsMissing], ['os2', false]);
    await assert.rejects(
      client.cloudAccount_update({ caid }, { $type: 'CredAccountAws', name: 'os2' }),
      isRefused('invalid'),
    );
    const none = await client.cloudAccount_create({}, { $type: 'CredAccountOpenStack', name: 'bare' });
    assert.equal(none.secretsMissing, true);
    await assert.rejects(
      client.cloudAccount_update({ caid }, { $type: 'CredAccountOpenStack', name: 'bare' }),
      isRefused('conflict'),
    );
    // The platform is asked, and this account does not say where it is.
    await assert.rejects(client.cloudAccountResources_get({ caid }), isRefused('conflict'));
    await client.cloudAccount_delete({ caid });
    await assert.rejects(client.cloudAccount_get({ caid }), isRefused('notFound'));
  });

  test('without a kind or a name are refused', async () => {
    const post = (body: string) =>
      forge.call('POST', `/users/${forge.user}/accounts`, {
        headers: { 'content-type': 'application/json' },
        body,
      });
    errorOf(await post('{"credAccount":{"name":"x"}}'), 400, 'ERROR.CREDACCOUNT.KIND');
    errorOf(await post('{"credAccount":{"@xsi.type":"CredAccountK5"}}'), 400, 'ERROR.CREDACCOUNT.NAME');
  });

  test('whose key is lost say that their secrets are missing', async () => {
    const { dbId: caid = 0 } = await client.cloudAccount_create({}, accountOf('CredAccountK5', 'k5'));
    await forge[Symbol.asyncDispose]();
    await unlink(join(folder.path, 'vault.key'));
    forge = await startForge(folder.path);
    client = clientOf(basicAuthorizer(forge.user, forge.password));
    const account = await client.cloudAccount_get({ caid });
    assert.deepEqual([account.name, account.secretsMissing], ['k5', true]);
  });
});

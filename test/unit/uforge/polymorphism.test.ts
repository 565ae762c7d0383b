import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  decode,
  decodeAs,
  encode,
  uforgeNamespace,
  type MediaType,
} from '../../../src/uforge/codec/codec.ts';
import { redactAll } from '../../../src/uforge/authorizer.ts';
import { answer, connect, listen } from './support.ts';

suite('bodies of many kinds', () => {
  test('a publication goes out with its kind and comes back with it', async () => {
    await using server = await listen(({ body }, response) => {
      const sent = decode(body.toString(), 'application/xml');
      assert.equal(sent.root, 'publishImage');
      answer(response, 'publishImage', { ...sent.value, dbId: 9 }, { status: 201 });
    });
    await using test = connect(server.url);
    const publication = { $type: 'PublishImageOpenStack', displayName: 'a', tenantName: 't' } as const;
    for (const publish of [
      () => test.client.applianceImage_publish({ aid: 1, itid: 2 }, publication),
      () => test.client.machineImage_publish({ aid: 1 }, publication),
    ]) {
      assert.deepEqual(await publish(), { ...publication, dbId: 9 });
    }
    assert.match(
      server.received[0]?.body.toString() ?? '',
      /<ns0:publishImage [^>]*xsi:type="ns0:PublishImageOpenStack">/,
    );
    assert.deepEqual(
      server.received.map(({ url }) => url.replace('/api/users/guest/', '')),
      ['appliances/1/images/2/pimages', 'appliances/1/pimages'],
    );
  });

  test('a cloud account, and a list with several kinds', async () => {
    const accounts = [
      { $type: 'CredAccountAws', name: 'a', accessKeyId: 'k' },
      { $type: 'CredAccountOpenStack', name: 'o' },
    ] as const;
    await using server = await listen(({ method, body }, response) => {
      if (method === 'GET') answer(response, 'credAccounts', { total: 2, credAccounts: accounts });
      else answer(response, 'credAccount', decodeAs('credAccount', body.toString(), 'application/xml'));
    });
    await using test = connect(server.url);
    assert.deepEqual(await test.client.cloudAccount_create({}, accounts[0]), accounts[0]);
    assert.deepEqual(await test.client.cloudAccount_update({ caid: 1 }, accounts[1]), accounts[1]);
    assert.deepEqual((await test.client.cloudAccount_getAll()).credAccounts, accounts);
  });

  test('an OS profile is one by xsi:type and by its own root element, in both media types', () => {
    const ns = `xmlns:ns0="${uforgeNamespace}"`;
    const profile = { $type: 'LinuxProfile', name: 'Minimal' } as const;
    const documents: readonly (readonly [MediaType, string])[] = [
      ['application/xml', encode('distribProfile', profile, 'application/xml')],
      ['application/json', encode('distribProfile', profile, 'application/json')],
      ['application/xml', `<ns0:linuxProfile ${ns}><name>Minimal</name></ns0:linuxProfile>`],
      ['application/json', '{"linuxProfile":{"name":"Minimal"}}'],
    ];
    for (const [mediaType, text] of documents) {
      assert.deepEqual(decodeAs('distribProfile', text, mediaType), profile, text);
    }
    assert.throws(
      () => decodeAs('linuxProfile', encode('distribProfile', profile, 'application/xml'), 'application/xml'),
      /Expected the element "linuxProfile", not "distribProfile"/,
    );
  });

  test('a server that answers with the root element of a kind is understood', async () => {
    await using server = await listen((_, response) => answer(response, 'windowsProfile', { name: 'W' }));
    await using test = connect(server.url);
    assert.deepEqual(await test.client.applianceOSProfile_get({ aid: 1, osid: 2 }), {
      $type: 'WindowsProfile',
      name: 'W',
    });
  });
});

suite('the download key of a publication', () => {
  test('is sent in both spellings, without credentials', async () => {
    await using server = await listen((_, response) => response.end('image'));
    await using test = connect(server.url);
    await test.client.machineImagePublished_download({ aid: 1, pitid: 2, id: 'k&1' });
    await test.client.machineImagePublished_download({ aid: 1, pitid: 2 });
    const [withKey, without] = server.received;
    assert.equal(withKey?.url, '/api/users/guest/appliances/1/pimages/2/downloads?id=k%261&downloadId=k%261');
    assert.equal(withKey.headers.authorization, undefined);
    assert.equal(without?.url, '/api/users/guest/appliances/1/pimages/2/downloads');
    assert.match(without.headers.authorization ?? '', /^Basic /);
  });

  test('is taken out of texts in both spellings', () => {
    assert.equal(
      redactAll('GET /downloads?id=k1&downloadId=k2 &amp;id=k3 ?uuid=7&img=8', []),
      'GET /downloads?id=***&downloadId=*** &amp;id=*** ?uuid=7&img=8',
    );
  });
});

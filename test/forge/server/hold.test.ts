import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { leaveImage } from './seeded.ts';
import { startForge, temporaryFolder } from './support.ts';

suite('a request that may wait', () => {
  test('is answered at once when there is news, when it has come, or when the time is up', async () => {
    await using folder = await temporaryFolder();
    const { uri } = await leaveImage(folder.path, Buffer.from('image'));
    await using forge = await startForge(folder.path);
    const path = `/users/${forge.user}/images/status`;

    const first = await forge.call('GET', path, { headers: { prefer: 'wait=20' } });
    assert.equal(first.status, 200, 'who knows nothing waits for nothing');
    assert.equal(first.headers.get('preference-applied'), 'wait=20');
    const etag = first.headers.get('etag') ?? '';

    const started = performance.now();
    const over = await forge.call('GET', path, { headers: { prefer: 'wait=1', 'if-none-match': etag } });
    assert.equal(over.status, 304);
    assert.ok(performance.now() - started >= 990, 'it waited');

    let answered = false;
    const held = forge
      .call('GET', path, { headers: { prefer: 'respond-async, wait=20', 'if-none-match': etag } })
      .finally(() => (answered = true));
    await pause(300);
    assert.equal(answered, false, 'nothing has changed');
    await forge.call('DELETE', uri);
    const news = await held;
    assert.equal(news.status, 200);
    assert.doesNotMatch(news.text, /<complete>/);

    const plain = await forge.call('GET', path, {
      headers: { 'if-none-match': news.headers.get('etag') ?? '' },
    });
    assert.equal(plain.status, 304);
    assert.equal(plain.headers.get('preference-applied'), null, 'who does not ask for it does not wait');
  });

  test('keeps no forge from stopping', async () => {
    await using folder = await temporaryFolder();
    await leaveImage(folder.path, Buffer.from('image'));
    const forge = await startForge(folder.path);
    const path = `/users/${forge.user}/images/status`;
    const etag = (await forge.call('GET', path)).headers.get('etag') ?? '';
    const held = forge.call('GET', path, { headers: { prefer: 'wait=40', 'if-none-match': etag } });
    const ended = assert.rejects(held);
    await pause(200);
    await forge[Symbol.asyncDispose]();
    await ended;
  });
});

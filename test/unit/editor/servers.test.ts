import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CredentialStore, authorizerFor } from '../../../src/editor/server/credentials.ts';
import { ServerHealth } from '../../../src/editor/server/health.ts';
import { RememberedTexts } from '../../../src/editor/rememberedTexts.ts';
import { watchedTransport } from '../../../src/editor/server/watchedTransport.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import type { Transport, TransportRequest } from '../../../src/uforge/transport/transport.ts';
import { ManualClock } from '../tickets/support.ts';
import { memento, secrets } from './support.ts';

const server = 'https://uforge.example.com/api';

suite('the health of servers', () => {
  test('is told when a server goes, with every failed try, and when it comes back, not with every answer', () => {
    const clock = new ManualClock();
    using health = new ServerHealth(clock);
    const told: boolean[] = [];
    health.onDidChange((which) => told.push(health.get(which)?.online === true));
    health.answered(server);
    health.answered(server);
    assert.equal(told.length, 0);
    const seen = clock.now();
    clock.pass(1000);
    health.failed(server, new Error('no'), clock.now() + 5000);
    health.failed(server, new Error('no'));
    assert.equal(told.join(), 'false,false');
    assert.equal(health.get(server)?.seen, seen, 'when it last answered is not forgotten');
    assert.deepEqual(
      health.offline.map(([which]) => which),
      [server],
    );
    health.answered(server);
    assert.deepEqual([told.at(-1), health.offline], [true, []]);
  });

  test('is unknown once a server has been forgotten', () => {
    using health = new ServerHealth(new ManualClock());
    let told = 0;
    health.failed(server, new Error('no'));
    health.onDidChange(() => (told += 1));
    health.forget(server);
    health.forget(server);
    assert.deepEqual([health.get(server), told], [undefined, 1]);
  });
});

suite('a transport whose answers are watched', () => {
  const request = { method: 'GET', url: new URL(server), headers: {} } satisfies TransportRequest;
  const answering = (status: number): Transport => ({
    request: () => Promise.resolve({ status, headers: {}, body: new Blob([]).stream() }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const failing = (error: Error): Transport => ({
    request: () => Promise.reject(error),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });

  test('says that the server answers, whatever it says, but for refused credentials', async () => {
    using health = new ServerHealth(new ManualClock());
    await watchedTransport(answering(401), server, health).request(request);
    assert.equal(health.get(server), undefined);
    await watchedTransport(answering(500), server, health).request(request);
    assert.equal(health.get(server)?.online, true);
  });

  test('says why it does not answer, unless whoever asked has given up', async () => {
    using health = new ServerHealth(new ManualClock());
    const error = new UForgeError('network', 'No route to the server.');
    const given = watchedTransport(failing(error), server, health);
    await assert.rejects(given.request({ ...request, signal: AbortSignal.abort() }), error);
    assert.equal(health.get(server), undefined);
    await assert.rejects(given.request(request), error);
    assert.equal(health.get(server)?.error, error);
  });
});

suite('credentials', () => {
  const password = { kind: 'password', login: 'ann', password: 'geheim' } as const;
  const keys = { kind: 'apiKey', login: 'ann', publicKey: 'p', secretKey: 's' } as const;

  test('are kept one a server, and gone after signing out', async () => {
    const store = new CredentialStore(secrets());
    await store.set(server, password);
    await store.set('https://other/api', keys);
    assert.deepEqual([await store.get(server), await store.get('https://other/api')], [password, keys]);
    await store.delete(server);
    assert.deepEqual([await store.get(server), await store.get('https://other/api')], [undefined, keys]);
  });

  test('count as none in a shape nobody knows', async () => {
    for (const text of ['', '{', '[]', 'null', '{"kind":"password","login":"ann"}', '{"kind":"token"}']) {
      const store = new CredentialStore(secrets({ [`credentials:${server}`]: text }));
      assert.equal(await store.get(server), undefined, text);
    }
  });

  test('are told of when another window signs in or out, and no other secret is', async () => {
    const vault = secrets();
    let told = 0;
    new CredentialStore(vault).onDidChange(() => (told += 1));
    await vault.store('something else', 'x');
    assert.equal(told, 0);
    await new CredentialStore(vault).set(server, keys);
    await new CredentialStore(vault).delete(server);
    assert.equal(told, 2);
  });

  test('authorise requests: a password by a header, keys by a signature', () => {
    const { headers } = authorizerFor(password).authorize('users/ann');
    assert.equal(Object.values(headers).join(), `Basic ${Buffer.from('ann:geheim').toString('base64')}`);
    const signed = authorizerFor(keys).authorize('users/ann');
    assert.doesNotMatch(JSON.stringify(signed), /geheim|"s"/);
    assert.notDeepEqual(signed, { relativeUri: 'users/ann', headers: {} });
  });
});

suite('trusted certificates', () => {
  test('are one a server; none when authorities vouch for it again', async () => {
    const trust = new RememberedTexts(memento(), 'certificates');
    await trust.set(server, 'PEM 1');
    await trust.set('https://other/api', 'PEM 2');
    await trust.set(server, undefined);
    assert.deepEqual([trust.get(server), trust.get('https://other/api')], [undefined, 'PEM 2']);
  });
});

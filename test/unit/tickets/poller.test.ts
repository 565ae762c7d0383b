import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { PollInterval } from '../../../src/tickets/pollInterval.ts';
import { TicketPoller, type ServerState } from '../../../src/tickets/poller.ts';
import type { Ticket } from '../../../src/tickets/ticket.ts';
import { connect } from '../uforge/support.ts';
import { ImageServer, ManualClock, memoryStore, ticket } from './support.ts';

const interval = () => ({ fastMs: 2_000, slowMs: 30_000 });

async function watched(...running: readonly Partial<Ticket>[]) {
  const resources = new AsyncDisposableStack();
  const server = resources.use(await ImageServer.start());
  const { client } = resources.use(connect(server.url));
  const clock = new ManualClock();
  const tickets = running.map((overrides) => ticket({ server: server.url, ...overrides }));
  for (const { itid, percentage, message } of tickets) server.set(itid, { percentage, message });
  const { store, changes } = memoryStore(...tickets);
  const poller = resources.use(
    new TicketPoller({ store, clients: () => Promise.resolve(client), clock, interval }),
  );
  const states: ServerState[] = [];
  poller.onDidChangeServer((state) => states.push(state));
  const dispose = () => resources.disposeAsync();
  return { server, clock, store, changes, poller, states, [Symbol.asyncDispose]: dispose };
}

const second = { itid: '13', uri: 'users/guest/appliances/7/images/13' };
const statusOf = (...itids: readonly string[]): string =>
  `GET images/status?${itids.map((itid) => `img=users%2Fguest%2Fappliances%2F7%2Fimages%2F${itid}`).join('&')}`;

suite('the poller', () => {
  test('asks for all running tickets of a server in one request, and only with If-None-Match after that', async () => {
    await using setup = await watched({}, second, {
      itid: '14',
      uri: 'users/guest/appliances/7/images/14',
      state: 'done',
    });
    const { server, clock } = setup;
    assert.equal(await clock.next(), 0, 'at once');
    await clock.next();
    await clock.next();
    while (server.received.length < 3) await new Promise(setImmediate);
    assert.deepEqual(new Set(server.asked), new Set([statusOf('12', '13')]));
    assert.deepEqual(
      server.received.map(({ headers }) => headers['if-none-match'] !== undefined),
      [false, true, true],
    );
  });

  test('looks often while something changes and ever less while nothing does', async () => {
    await using setup = await watched({});
    const { server, clock } = setup;
    await clock.next();
    const waits: number[] = [];
    for (let i = 0; i < 14; i++) waits.push(await clock.next());
    assert.equal(waits[0], 2_000);
    assert.ok(waits.every((wait, index) => index === 0 || wait >= waits[index - 1]!));
    assert.equal(waits.at(-1), 30_000);
    while (clock.pending === 0) await new Promise(setImmediate);
    server.set('12', { percentage: 30, message: 'Installing' });
    await clock.next();
    assert.equal(await clock.next(), 2_000);
  });

  test('asks a server that holds requests again at once, but not one that only says so', async () => {
    await using setup = await watched({});
    const { server, clock } = setup;
    server.claimsToHold = true;
    await clock.next();
    const waits = [await clock.next(), await clock.next(), await clock.next()];
    assert.ok(waits[0]! < 500 && waits[1]! < 500, 'it may have had nothing to tell');
    assert.equal(waits[2], 2_000, 'it answers at once, and in vain');
    while (clock.pending === 0) await new Promise(setImmediate);
    server.set('12', { percentage: 30, message: 'Installing' });
    await clock.next();
    assert.ok((await clock.next()) < 500, 'there was news');
    assert.equal(server.received[0]?.headers['prefer'], 'wait=20');
  });

  test('gives up a look that is held when another ticket comes', async () => {
    await using setup = await watched({});
    const { server, clock, store, states } = setup;
    const asked = new Promise<void>((resolve) => {
      server.before = () => {
        server.before = () => undefined;
        resolve();
        return new Promise((release) => setTimeout(release, 2_000).unref());
      };
    });
    await clock.next();
    await asked;
    server.set('13', { percentage: 5 });
    store.put(ticket({ server: server.url, ...second }));
    assert.equal(await clock.next(), 0);
    await clock.next();
    assert.equal(server.asked.at(-1), statusOf('12', '13'));
    assert.deepEqual(states, [], 'the server is not offline for it');
  });

  test('brings stage and percentage into the store as they come', async () => {
    await using setup = await watched({});
    const { server, clock, store } = setup;
    server.set('12', { percentage: 62, message: 'Installing distribution' });
    await clock.next();
    await clock.next();
    const [seen] = store.all();
    assert.deepEqual(
      [seen?.state, seen?.percentage, seen?.message],
      ['running', 62, 'Installing distribution'],
    );
  });

  test('fetches what a finished image is, and then stops because nothing runs', async () => {
    await using setup = await watched({});
    const { server, clock, store, changes } = setup;
    server.set('12', { complete: true, percentage: 100 }, { fileName: 'nginx.ova', fileSize: 1234 });
    const ended = new Promise((resolve) => store.onDidChange(resolve));
    await clock.next();
    await ended;
    const [done] = store.all();
    assert.deepEqual(
      [done?.state, done?.downloadable, done?.fileName, done?.fileSize],
      ['done', true, 'nginx.ova', 1234],
    );
    assert.equal(changes.length, 1, 'done and what there is to download come together');
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(clock.pending, 0);
  });

  test('starts again with the next ticket', async () => {
    await using setup = await watched({});
    const { server, clock, store } = setup;
    store.remove(ticket({ server: server.url }));
    assert.equal(clock.pending, 0, 'nothing runs, nothing is scheduled');
    server.set('13', { percentage: 5 });
    store.put(ticket({ server: server.url, ...second }));
    assert.equal(await clock.next(), 0);
    await clock.next();
    assert.deepEqual(server.asked[0], statusOf('13'));
  });

  test('looks at once when a ticket comes while another is being waited for', async () => {
    await using setup = await watched({});
    const { server, clock, store } = setup;
    for (let i = 0; i < 8; i++) await clock.next();
    while (clock.pending === 0) await new Promise(setImmediate);
    server.set('13', { percentage: 5 });
    store.put(ticket({ server: server.url, ...second }));
    assert.equal(await clock.next(), 0);
    await clock.next();
    assert.equal(server.asked.at(-1), statusOf('12', '13'));
  });

  test('keeps what it knew while the server is away, backs off, says so, and says when it is back', async () => {
    await using setup = await watched({});
    const { server, clock, store, states } = setup;
    await clock.next();
    while (clock.pending === 0) await new Promise(setImmediate);
    server.failure = 'hang up';
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) waits.push(await clock.next());
    while (clock.pending === 0) await new Promise(setImmediate);
    assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    assert.deepEqual(store.all(), [ticket({ server: server.url })]);
    assert.equal(states.at(-1)?.online, false);
    assert.equal(states.at(-1)?.failure?.retryAt, clock.now() + 30_000);
    assert.match(String(states.at(-1)?.failure?.error), /UForgeError/);
    server.failure = undefined;
    server.set('12', { percentage: 40 });
    await clock.next();
    assert.equal(await clock.next(), 2_000);
    assert.equal(states.at(-1)?.online, true);
    assert.equal(store.all()[0]?.percentage, 40);
  });

  test('looks now when it is woken, however long it was going to wait', async () => {
    await using setup = await watched({});
    const { server, clock, poller } = setup;
    server.failure = { status: 503 };
    for (let i = 0; i < 6; i++) await clock.next();
    while (clock.pending === 0) await new Promise(setImmediate);
    poller.wake();
    assert.equal(clock.pending, 1);
    assert.equal(await clock.next(), 0);
  });

  test('asks a server that refuses the credentials no more until it is woken', async () => {
    await using setup = await watched({});
    const { server, clock, poller, states } = setup;
    server.failure = { status: 401 };
    const refused = new Promise((resolve) => poller.onDidChangeServer(resolve));
    await clock.next();
    await refused;
    assert.equal(clock.pending, 0, 'asking on would lock the account');
    assert.equal(states.at(-1)?.failure?.retryAt, undefined);
    server.failure = undefined;
    poller.wake();
    assert.equal(await clock.next(), 0);
    await clock.next();
    assert.equal(states.at(-1)?.online, true);
  });

  test('forgets a ticket that was deleted elsewhere, also where one that is gone spoils the answer for all', async () => {
    await using setup = await watched({}, second);
    const { server, clock, store } = setup;
    server.images.delete('13');
    await clock.next();
    await clock.next();
    assert.deepEqual(
      store.all().map(({ itid }) => itid),
      ['12'],
    );

    await using strict = await watched({}, second);
    strict.server.images.delete('13');
    strict.server.before = ({ url }) => {
      strict.server.failure = url.includes('images%2F13') ? { status: 404 } : undefined;
    };
    await strict.clock.next();
    await strict.clock.next();
    assert.deepEqual(
      strict.store.all().map(({ itid }) => itid),
      ['12'],
    );
  });

  test('leaves a ticket alone that was cancelled or removed while the server answered', async () => {
    await using setup = await watched({}, second);
    const { server, clock, store } = setup;
    server.set('12', { percentage: 90 });
    server.set('13', { percentage: 90 });
    const asked = new Promise<void>((resolve) => {
      server.before = () => {
        store.put(ticket({ server: server.url, state: 'cancelled' }));
        store.remove({ server: server.url, uri: second.uri });
        resolve();
      };
    });
    await clock.next();
    await asked;
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(
      store.all().map(({ state }) => state),
      ['cancelled'],
    );
  });

  test('stops for good when it is disposed of, also in the middle of a request', async () => {
    await using setup = await watched({});
    const { server, clock, poller, changes, states } = setup;
    server.set('12', { percentage: 90 });
    const asked = new Promise<void>((resolve) => {
      server.before = () => resolve();
    });
    await clock.next();
    await asked;
    poller[Symbol.dispose]();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(clock.pending, 0);
    assert.deepEqual(changes, []);
    assert.deepEqual(states, []);
  });
});

suite('the poll interval', () => {
  test('obeys settings that were changed meanwhile', () => {
    const settings = { fastMs: 1_000, slowMs: 10_000 };
    const subject = new PollInterval(() => settings);
    assert.equal(subject.next('changed'), 1_000);
    settings.fastMs = 5_000;
    assert.equal(subject.next('unchanged'), 5_000);
    settings.slowMs = 3_000;
    assert.equal(subject.next('failed'), 5_000, 'never faster than fast');
  });
});

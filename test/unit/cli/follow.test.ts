import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { images } from '../../../src/tickets/fetchTicket.ts';
import { follow } from '../../../src/cli/follow.ts';
import type { Reporter } from '../../../src/cli/reporter.ts';
import { ImageServer, ManualClock, memoryStore, ticket } from '../tickets/support.ts';
import { connect } from '../uforge/support.ts';

/** Keeps the notes, drops the rest. */
function noting(): { reporter: Reporter; notes: string[] } {
  const notes: string[] = [];
  const nothing = (): void => undefined;
  const reporter: Reporter = {
    note: (message) => void notes.push(message),
    problem: nothing,
    ticket: nothing,
    progress: nothing,
    outcome: nothing,
    done: nothing,
    ended: nothing,
    fail: nothing,
  };
  return { reporter, notes };
}

suite('following a ticket', () => {
  test('says once that the server is away and once that it is back, however often it asked', async () => {
    await using server = await ImageServer.start();
    await using connection = connect(server.url);
    const clock = new ManualClock();
    const running = ticket({ server: server.url });
    server.set(running.itid, { percentage: 10, message: 'Fetching packages' });
    const { store } = memoryStore(running);
    const { reporter, notes } = noting();
    const access = {
      name: server.url,
      clients: () => Promise.resolve(connection.client),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const { signal } = new AbortController();
    const following = follow(images, running, store, access, reporter, clock, signal);
    server.failure = { status: 500 };
    for (let asked = 0; asked < 5; asked++) await clock.next();
    server.failure = undefined;
    server.set(running.itid, { complete: true, percentage: 100, message: 'Done' });
    void clock.next();
    assert.equal((await following)?.state, 'done');
    assert.deepEqual(notes, [
      'The server does not answer: It is 500. It is asked again.',
      'The server answers again.',
    ]);
  });
});

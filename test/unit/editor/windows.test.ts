import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { TicketExchange } from '../../../src/editor/windows/ticketExchange.ts';
import { WindowLease } from '../../../src/editor/windows/windowLease.ts';
import type { TicketStore } from '../../../src/tickets/store.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { memoryStore, ManualClock, ticket } from '../tickets/support.ts';

const server = 'http://forge/api';
const fail = (error: unknown): void => {
  throw error;
};

async function folder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'windows-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await isSo()); tries++) {
    assert.ok(tries < 500, 'it did not come');
    await pause(10);
  }
}

suite('several windows', () => {
  test('ask a server once: the first that wants to, until it lets go', async () => {
    await using shared = await folder();
    using first = new WindowLease(shared.path, 'first', systemClock, fail);
    using second = new WindowLease(shared.path, 'second', systemClock, fail);
    assert.deepEqual([await first.hold(server), await second.hold(server)], [true, false]);
    assert.equal(await first.hold(server), true, 'it keeps it');
    assert.equal(await second.hold('http://other/api'), true, 'of each server one');
    const released = new Promise<void>((resolve) => second.onDidRelease(resolve));
    first.release(server);
    await released;
    assert.equal(await second.hold(server), true);
  });

  test('take over from a window that has crashed, and one that has slept notices', async () => {
    await using shared = await folder();
    const clock = new ManualClock();
    clock.pass(Date.now() - clock.now());
    using asleep = new WindowLease(shared.path, 'asleep', clock, fail);
    assert.equal(await asleep.hold(server), true);
    clock.pass(20_000);
    using awake = new WindowLease(shared.path, 'awake', { ...systemClock, now: () => clock.now() }, fail);
    assert.equal(await awake.hold(server), true);
    await clock.next();
    await until(async () => !(await asleep.hold(server)));
  });

  test('ask themselves when the folder can not be used', async () => {
    const noted: unknown[] = [];
    using lease = new WindowLease('/dev/null/x', 'me', systemClock, (error) => noted.push(error));
    assert.equal(await lease.hold(server), true);
    assert.equal(noted.length, 1);
  });

  test('tell each other of every change, and nobody repeats what was heard', async () => {
    await using shared = await folder();
    const windows = ['a', 'b', 'c'].map((owner) => {
      const { store, changes } = memoryStore();
      return { store, changes, exchange: new TicketExchange(store, shared.path, owner, systemClock, fail) };
    });
    const stores = windows.map(({ store }) => store) as [TicketStore, TicketStore, TicketStore];
    await Promise.all(windows.map(({ exchange }) => exchange.listen()));
    const [a, b, c] = stores;
    a.put(ticket());
    await until(() => b.all().length === 1 && c.all().length === 1);
    b.put(ticket({ percentage: 40, changed: '2026-01-01T11:05:00.000Z' }));
    await until(() => a.all()[0]?.percentage === 40);
    b.put(ticket({ state: 'cancelled', changed: '2026-01-01T11:06:00.000Z' }));
    a.put(ticket({ percentage: 41, changed: '2026-01-01T11:05:30.000Z' }));
    await until(() => stores.every((store) => store.all()[0]?.state === 'cancelled'));
    c.remove(ticket());
    await until(() => stores.every((store) => store.all().length === 0));
    await pause(100);
    assert.deepEqual(
      windows.map(({ changes }) => changes.length <= 5),
      [true, true, true],
    );
    for (const { exchange } of windows) exchange[Symbol.dispose]();
  });
});

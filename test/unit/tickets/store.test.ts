import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TicketStore, type TicketChange } from '../../../src/tickets/store.ts';
import type { Ticket } from '../../../src/tickets/ticket.ts';
import { memoryStore, ticket } from './support.ts';

const other = ticket({ uri: 'users/guest/appliances/7/images/13', itid: '13' });

suite('the ticket store', () => {
  test('tells once what came, changed and went, and nothing when nothing did', () => {
    const { store, changes } = memoryStore(ticket());
    const moved = ticket({ percentage: 50 });
    store.apply({ put: [moved, other], remove: [] });
    store.put(ticket({ percentage: 50 }));
    store.remove(other);
    store.remove(other);
    assert.deepEqual(changes, [
      { added: [other], changed: [moved], removed: [] },
      { added: [], changed: [], removed: [other] },
    ]);
    assert.deepEqual(store.all(), [moved]);
  });

  test('tells tickets of two servers with the same URI apart', () => {
    const elsewhere = ticket({ server: 'https://other/api' });
    const { store } = memoryStore(ticket(), elsewhere);
    assert.equal(store.get({ server: 'https://other/api', uri: elsewhere.uri }), elsewhere);
    store.remove(ticket());
    assert.deepEqual(store.all(), [elsewhere]);
  });

  test('comes back after a restart with what was saved', async () => {
    let kept: unknown;
    const persistence = {
      load: () => kept,
      save: (tickets: readonly Ticket[]) => {
        kept = JSON.parse(JSON.stringify(tickets));
        return Promise.resolve();
      },
    };
    const first = new TicketStore(persistence, assert.ifError);
    first.put(ticket({ definition: 'file:///a' }), other);
    await first.saved();
    assert.deepEqual(new TicketStore(persistence, assert.ifError).all(), [
      ticket({ definition: 'file:///a' }),
      other,
    ]);
  });

  test('leaves out what is no ticket', () => {
    const incomplete = { ...ticket(), message: undefined };
    for (const kept of [
      undefined,
      null,
      'x',
      {},
      [null, 5, {}, incomplete, { ...ticket(), state: 'odd' }, other],
    ]) {
      const store = new TicketStore({ load: () => kept, save: () => Promise.resolve() }, assert.ifError);
      assert.deepEqual(store.all(), Array.isArray(kept) ? [other] : []);
    }
  });

  test('saves one after the other, the last state last, and says when a save failed', async () => {
    const saves: number[] = [];
    const errors: unknown[] = [];
    let release: () => void = () => undefined;
    const store = new TicketStore(
      {
        load: () => undefined,
        save: async (tickets) => {
          saves.push(tickets.length);
          if (saves.length === 1) {
            await new Promise<void>((resolve) => (release = resolve));
            throw new Error('disk full');
          }
        },
      },
      (error) => errors.push(error),
    );
    store.put(ticket());
    store.put(other);
    store.put(ticket({ uri: 'x' }));
    release();
    await store.saved();
    assert.deepEqual(saves, [1, 3]);
    assert.match(String(errors), /disk full/);
    assert.equal(store.all().length, 3, 'what could not be saved is still known');
  });

  test('lets every listener hear, even when one throws, until it stops listening', () => {
    const { store } = memoryStore();
    const heard: TicketChange[] = [];
    store.onDidChange(() => {
      throw new Error('broken view');
    });
    const subscription = store.onDidChange((change) => heard.push(change));
    assert.throws(() => store.put(ticket()), /broken view/);
    assert.equal(heard.length, 1);
    subscription[Symbol.dispose]();
    assert.throws(() => store.put(other), /broken view/);
    assert.equal(heard.length, 1);
  });
});

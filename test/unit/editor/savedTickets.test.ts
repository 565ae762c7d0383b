import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TicketMemento } from '../../../src/editor/images/savedTickets.ts';
import { ticket } from '../tickets/support.ts';
import { memento } from './support.ts';

suite('tickets kept for all windows', () => {
  const [a, b, c] = ['1', '2', '3'].map((itid) =>
    ticket({ itid, uri: `users/ann/appliances/7/images/${itid}` }),
  );

  test('keep what another window has added meanwhile', async () => {
    const state = memento();
    const [one, other] = [new TicketMemento(state, 'tickets'), new TicketMemento(state, 'tickets')];
    one.load();
    other.load();
    await one.save([a!, b!]);
    await other.save([c!]);
    assert.deepEqual(new TicketMemento(state, 'tickets').load(), [c, a, b]);
  });

  test('do not bring back what this window has deleted', async () => {
    const state = memento();
    await new TicketMemento(state, 'tickets').save([a!, b!]);
    const window = new TicketMemento(state, 'tickets');
    assert.deepEqual(window.load(), [a, b]);
    await window.save([b!]);
    assert.deepEqual(new TicketMemento(state, 'tickets').load(), [b]);
  });

  test('are none in a shape nobody knows', async () => {
    const state = memento();
    await state.update('tickets', 'none');
    assert.deepEqual(new TicketMemento(state, 'tickets').load(), []);
    await state.update('tickets', [null, 7, a]);
    assert.deepEqual(new TicketMemento(state, 'tickets').load(), [a]);
  });
});

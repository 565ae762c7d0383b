import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { NodeTable } from '../../../src/editor/images/list/nodes.ts';
import { applianceLabel, type Ticket } from '../../../src/tickets/ticket.ts';
import { anyString } from '../uforge/properties.ts';

function ticket(uri: string, created: string, more: Partial<Ticket> = {}): Ticket {
  return {
    server: 'http://s/api',
    uid: 'ann',
    uri,
    aid: '1',
    itid: '1',
    applianceUri: 'users/ann/appliances/1',
    applianceName: 'nginx',
    applianceVersion: '1.0',
    targetFormat: 'QCOW2',
    state: 'running',
    percentage: 0,
    message: '',
    created: `2026-01-01T00:00:${created}.000Z`,
    changed: `2026-01-01T00:00:${created}.000Z`,
    downloadable: false,
    simulated: false,
    ...more,
  };
}

const shape = (table: NodeTable): string[][] =>
  table.roots.map(({ tickets }) => tickets.map((node) => node.ticket.uri));

/** Each of a format of its own: not attempts at the same. */
const apart = (uri: string): Partial<Ticket> => ({ targetFormat: uri });

describe('the rows of the Images view', () => {
  const other = { applianceUri: 'users/ann/appliances/2', applianceName: 'minimal' };

  it('stand under their appliance, newest first, the appliance with the newest first', () => {
    const table = new NodeTable();
    table.rebuild([
      ticket('a', '01', apart('a')),
      ticket('b', '03', apart('b')),
      ticket('c', '02', { ...other, ...apart('c') }),
      ticket('d', '04', { ...other, ...apart('d') }),
    ]);
    assert.deepEqual(shape(table), [
      ['d', 'c'],
      ['b', 'a'],
    ]);
  });

  it('stay the same objects while tickets come, change and go', () => {
    const table = new NodeTable();
    const [a, b] = [ticket('a', '01', apart('a')), ticket('b', '02', apart('b'))];
    table.rebuild([a, b]);
    const [appliance] = table.roots;
    const row = table.roots[0]!.tickets[1]!;
    const updated = table.update({ ...a, percentage: 50 });
    assert.equal(updated, row);
    table.rebuild([{ ...a, percentage: 60 }, b, ticket('c', '03', apart('c'))]);
    assert.equal(table.roots[0], appliance);
    assert.equal(table.roots[0]!.tickets[2], row);
    assert.equal(row.ticket.percentage, 60);
  });

  it('have ids without anything that changes', () => {
    const table = new NodeTable();
    table.rebuild([ticket('a', '01')]);
    const before = [table.roots[0]!.id, table.roots[0]!.tickets[0]!.id];
    table.rebuild([
      ticket('a', '01', { percentage: 99, state: 'done', message: 'Done', applianceVersion: '1.1' }),
    ]);
    assert.deepEqual([table.roots[0]!.id, table.roots[0]!.tickets[0]!.id], before);
  });

  it('hold earlier attempts of the same request, whatever has become of them', () => {
    const table = new NodeTable();
    table.rebuild([ticket('a', '01', { state: 'failed' }), ticket('b', '02'), ticket('c', '03', apart('c'))]);
    assert.deepEqual(shape(table), [['c', 'b']]);
    const [, newest] = table.roots[0]!.tickets;
    assert.deepEqual(
      newest!.attempts.map(({ ticket, parent }) => [ticket.uri, parent === newest]),
      [['a', true]],
    );
  });

  it('stand for 10,000 tickets, of which one is updated alone', () => {
    const table = new NodeTable();
    const many = Array.from({ length: 10_000 }, (_, index) =>
      ticket(`i${index}`, '01', { applianceUri: `a${index % 100}`, ...apart(String(index)) }),
    );
    table.rebuild(many);
    assert.equal(table.roots.length, 100);
    const before = table.roots;
    assert.equal(table.update({ ...many[5_000]!, percentage: 50 })?.ticket.percentage, 50);
    assert.equal(table.roots, before);
  });

  it('are forgotten with their ticket, and the appliance with its last', () => {
    const table = new NodeTable();
    table.rebuild([ticket('a', '01'), ticket('c', '02', other)]);
    table.rebuild([ticket('c', '02', other)]);
    assert.deepEqual(shape(table), [['c']]);
    assert.equal(table.ticket('http://s/api/a'), undefined);
    assert.equal(table.update(ticket('a', '01')), undefined);
  });

  it('keep appliances of two servers apart, even with the same address', () => {
    const table = new NodeTable();
    table.rebuild([ticket('a', '01'), ticket('a', '02', { server: 'http://t/api' })]);
    assert.equal(table.roots.length, 2);
    assert.notEqual(table.roots[0]!.id, table.roots[1]!.id);
  });
});

it('any name has its row, in which it stands as it is; equal names on two appliances stay apart', () => {
  fc.assert(
    fc.property(anyString, anyString, (applianceName, applianceVersion) => {
      const table = new NodeTable();
      const named = { applianceName, applianceVersion };
      table.rebuild([
        ticket('a', '01', named),
        ticket('b', '02', { ...named, applianceUri: 'users/ann/appliances/2' }),
      ]);
      assert.deepEqual(shape(table), [['b'], ['a']]);
      assert.equal(new Set(table.roots.map(({ id }) => id)).size, 2);
      const label = `${applianceName} ${applianceVersion}`.trim();
      for (const { tickets } of table.roots) assert.equal(applianceLabel(tickets[0]!.ticket), label);
    }),
  );
});

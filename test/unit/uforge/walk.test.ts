import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Appliance, Dto } from '../../../src/uforge/dto.ts';
import { fiqlEquals } from '../../../src/uforge/fiql.ts';
import { answer, connect, listen, type Loopback } from './support.ts';

const all: readonly Appliance[] = Array.from({ length: 25 }, (_, i) => ({ dbId: i + 1, name: `a${i + 1}` }));

/** A server with those appliances; `page` is how it understands `count` and `offset`. */
function serve(
  page: (count: number, offset: number) => readonly Appliance[],
  total: (() => number) | 'none' = () => all.length,
): Promise<Loopback> {
  return listen(({ url }, response) => {
    const query = new URL(url, 'http://x').searchParams;
    const appliances = page(Number(query.get('count')), Number(query.get('offset')));
    answer(response, 'appliances', { ...(total !== 'none' && { total: total() }), appliances });
  });
}

const slice = (count: number, offset: number): readonly Appliance[] => all.slice(offset, offset + count);

async function walked(server: Loopback, pageSize = 10): Promise<readonly unknown[]> {
  await using test = connect(server.url);
  const names: unknown[] = [];
  for await (const { name } of test.client.each.appliance_getAll({}, { pageSize })) names.push(name);
  return names;
}

const names = all.map(({ name }) => name);

suite('a paged list', () => {
  test('is asked for page by page, with the query on each, until the total is there', async () => {
    await using server = await serve(slice);
    await using test = connect(server.url);
    const found: Appliance[] = [];
    const query = fiqlEquals('name', "it's");
    for await (const appliance of test.client.each.appliance_getAll(
      { query, orderBy: 'name' },
      { pageSize: 10 },
    )) {
      found.push(appliance);
    }
    assert.deepEqual(found, all);
    const asked = server.received.map(({ url }) => new URL(url, 'http://x').searchParams);
    assert.deepEqual(
      asked.map((each) => [each.get('count'), each.get('offset'), each.get('orderBy'), each.get('query')]),
      ['0', '10', '20'].map((offset) => ['10', offset, 'name', "name=='it\\'s'"]),
    );
  });

  test('is not asked for further than it is read', async () => {
    await using server = await serve(slice);
    await using test = connect(server.url);
    for await (const { dbId } of test.client.each.appliance_getAll({}, { pageSize: 10 })) {
      if (dbId === 3) break;
    }
    assert.equal(server.received.length, 1);
  });

  test('from a server that ignores paging is taken as it comes', async () => {
    for (const total of [() => all.length, 'none'] as const) {
      await using server = await serve(() => all, total);
      assert.deepEqual(await walked(server), names);
      assert.equal(server.received.length, 1);
    }
  });

  test('from a server that ignores paging, has no total and fewer items than asked for ends all the same', async () => {
    await using server = await serve(() => all, 'none');
    assert.deepEqual(await walked(server, 100), names);
    assert.equal(server.received.length, 2);
  });

  test('from a server with smaller pages of its own is whole', async () => {
    for (const total of [() => all.length, 'none'] as const) {
      await using server = await serve((count, offset) => slice(Math.min(count, 7), offset), total);
      assert.deepEqual(await walked(server), names);
    }
  });

  test('from a server that numbers its pages is whole', async () => {
    await using server = await serve((count, offset) => slice(count, offset * count));
    assert.deepEqual(await walked(server), names);
  });

  test('has each item once when one is added in front meanwhile', async () => {
    let asked = 0;
    await using server = await serve(
      (count, offset) => {
        const now = asked++ === 0 ? all : [{ dbId: 99, name: 'new' }, ...all];
        return now.slice(offset, offset + count);
      },
      () => all.length + Math.min(asked - 1, 1),
    );
    assert.deepEqual(await walked(server), names);
  });

  test('ends when items go meanwhile', async () => {
    let asked = 0;
    await using server = await serve(
      (count, offset) => (asked++ < 2 ? slice(count, offset) : []),
      () => (asked < 3 ? all.length : 18),
    );
    assert.deepEqual(await walked(server), names.slice(0, 20));
  });

  test('that is shorter than the server says is an error, not a short list', async () => {
    for (const page of [
      () => all.slice(0, 10),
      () => [],
      (_: number, offset: number) => slice(4, offset).slice(0, offset > 8 ? 0 : 4),
    ]) {
      await using server = await serve(page);
      await assert.rejects(walked(server), {
        kind: 'protocol',
        message: /says that appliance_getAll has 25 items, but gives only \d+/,
      });
    }
  });

  test('of things without an id or a total ends, with equal things as often as they are there', async () => {
    const pkgs: Dto<'Pkg'>[] = ['a', 'a', 'b'].map((name) => ({ name }));
    await using server = await listen((_, response) => answer(response, 'packages', { pkgs }));
    await using test = connect(server.url);
    const found: unknown[] = [];
    for await (const { name } of test.client.each.osPkg_getAll({ id: 3, latestOnly: true })) found.push(name);
    assert.deepEqual(found, ['a', 'a', 'b']);
    assert.match(
      server.received[0]?.url ?? '',
      /distributions\/3\/pkgs\?.*count=100&offset=0&latestOnly=true$/,
    );
  });

  test('that is empty has no items, with a total and without', async () => {
    for (const total of [() => 0, 'none'] as const) {
      await using server = await serve(() => [], total);
      assert.deepEqual(await walked(server), []);
      assert.equal(server.received.length, 1);
    }
  });

  test('can be called off between two pages', async () => {
    await using server = await serve(slice);
    await using test = connect(server.url);
    const abort = new AbortController();
    const walk = async (): Promise<void> => {
      const list = test.client.each.appliance_getAll({}, { pageSize: 10, signal: abort.signal });
      for await (const { dbId } of list) if (dbId === 10) abort.abort(new Error('enough'));
    };
    await assert.rejects(walk(), /enough/);
    assert.equal(server.received.length, 1);
  });
});

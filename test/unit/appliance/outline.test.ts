import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { outlineOf, type Entry } from '../../../src/appliance/language/outline.ts';

const example = (name: string): Promise<string> =>
  readFile(new URL(`../../../examples/nginx/${name}`, import.meta.url), 'utf8');

function names(entries: readonly Entry[]): unknown[] {
  return entries.map(({ name, children }) => (children.length === 0 ? name : [name, ...names(children)]));
}

test('the outline of a request has its elements, and one place to build it from', async () => {
  const text = (await example('representation.xml')).replace('512', '2048');
  const { entries, buildables, sizes } = outlineOf('representation', text);
  assert.deepEqual(names(entries), [
    ['image', 'compress', ['targetFormat', 'name'], ['installProfile', 'memorySize']],
  ]);
  assert.equal(entries[0]?.children[1]?.detail, 'VirtualBox');
  assert.deepEqual(
    buildables.map(({ from }) => from),
    [text.indexOf('<ns0:image')],
  );
  assert.deepEqual(
    sizes.map(({ from, to, megabytes }) => [text.slice(from, to), megabytes]),
    [['2048', 2048]],
  );
});

test('the outline of a template has its builders, big sizes and files', async () => {
  const text = await example('template.yml');
  const { entries, buildables, sizes, files } = outlineOf('template', text);
  assert.deepEqual(
    entries.map(({ name }) => name),
    ['stack', 'builders', 'tests'],
  );
  assert.deepEqual(
    entries[1]?.children.map(({ name }) => name),
    ['VirtualBox', 'QCOW2', 'Raw Virtual Disk'],
  );
  assert.deepEqual(
    buildables.map(({ targetFormat }) => targetFormat),
    [undefined, 'VirtualBox', 'QCOW2', 'Raw Virtual Disk'],
  );
  assert.deepEqual(
    sizes.map(({ from, to }) => text.slice(from, to)),
    ['8192'],
    'half a GB of memory needs no help',
  );
  assert.deepEqual(
    files.map(({ path, from, to }) => [path, text.slice(from, to)]),
    [['config/announce.sh', 'config/announce.sh']],
  );
  assert.ok(!JSON.stringify(entries).includes('"appliance"'), 'no password in the outline');
});

test('an outline is read of anything, cut off anywhere', async () => {
  for (const [kind, name] of [
    ['representation', 'representation.xml'],
    ['template', 'template.yml'],
  ] as const) {
    const text = await example(name);
    const sound = ({ from, to, nameFrom, nameTo, children }: Entry): void => {
      assert.ok(
        from <= nameFrom && nameFrom <= nameTo && nameTo <= to,
        `${name}: ${from} ${nameFrom} ${nameTo} ${to}`,
      );
      children.forEach(sound);
    };
    for (let end = 0; end <= text.length; end++) outlineOf(kind, text.slice(0, end)).entries.forEach(sound);
  }
});

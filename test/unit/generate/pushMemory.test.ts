import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { PushMemoryFile } from '../../../src/generate/pushMemory.ts';

suite('what was pushed', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-pushed-'))));
  after(() => rm(folder, { recursive: true }));

  test('is remembered per server, name and version, and a broken file means nothing was', async () => {
    const path = join(folder, 'memory', 'pushed.json');
    const memory = new PushMemoryFile(path);
    const key = { server: 's', name: 'a', version: '1' };
    assert.equal(await memory.get(key), undefined);
    await memory.set(key, { digest: 'd', applianceUri: 'u' });
    await memory.set({ ...key, version: '2' }, { digest: 'e', applianceUri: 'u' });
    assert.deepEqual(await new PushMemoryFile(path).get(key), { digest: 'd', applianceUri: 'u' });
    await writeFile(path, '{"x": 5, broken');
    assert.equal(await memory.get(key), undefined);
    await writeFile(path, '{"[\\"s\\",\\"a\\",\\"1\\"]": {"digest": 5}}');
    assert.equal(await memory.get(key), undefined);
  });

  test('is all remembered when several are pushed at the same moment', async () => {
    const memory = new PushMemoryFile(join(folder, 'several', 'pushed.json'));
    const keys = Array.from({ length: 8 }, (_, index) => ({ server: 's', name: `a${index}`, version: '1' }));
    await Promise.all(keys.map((key) => memory.set(key, { digest: key.name, applianceUri: 'u' })));
    const digests = await Promise.all(keys.map(async (key) => (await memory.get(key))?.digest));
    assert.deepEqual(
      digests,
      keys.map(({ name }) => name),
    );
  });
});

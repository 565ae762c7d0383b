import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { writeWhole } from '../../../src/uforge/writeWhole.ts';

suite('a file that is written whole', () => {
  let folder: string;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'forge-whole-'))));
  afterEach(async () => await rm(folder, { recursive: true, force: true }));

  test('has the newest text, is its owner’s alone, and leaves nothing beside it', async () => {
    const file = join(folder, 'new', 'kept.json');
    await writeWhole(file, 'first');
    await Promise.all(['one', 'two'].map((text) => writeWhole(file, text)));
    assert.match(await readFile(file, 'utf8'), /^(one|two)$/);
    // Windows has no such rights.
    if (process.platform !== 'win32') assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(join(folder, 'new')), ['kept.json']);
  });

  test('that can’t be put in its place leaves nothing beside it', async () => {
    const file = join(folder, 'kept.json');
    await mkdir(join(file, 'inside'), { recursive: true });
    await assert.rejects(writeWhole(file, 'text'), { syscall: 'rename' });
    assert.deepEqual(await readdir(folder), ['kept.json']);
  });
});

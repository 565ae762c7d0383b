import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { usedBytes } from '../../../src/builder/disk/usedBytes.ts';
import { imageFormatOf, targetFormats } from '../../../src/builder/formats/formats.ts';
import type { BuildRequest } from '../../../src/builder/model.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { assertFreeSpace } from '../../../src/builder/stages/space.ts';

suite('room on the disk', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'forge-space-'))));
  after(() => rm(folder, { recursive: true, force: true }));

  const request = (cacheDir: string): BuildRequest =>
    ({ workDir: folder, cacheDir }) as Partial<BuildRequest> as BuildRequest;

  test('is said to be missing with how much, where, and what to do', async () => {
    const asked: number[] = [];
    const log: string[] = [];
    const helpers = {
      cache: { giveWay: (bytes: number) => (asked.push(bytes), Promise.resolve(['roots/old'])) },
      log: (line: string) => void log.push(line),
    };
    await assertFreeSpace({ stage: 'install', folder, bytes: 1 }, request(folder), helpers);
    assert.deepEqual(asked, []);
    const need = { stage: 'install', folder, bytes: 2 ** 60 } as const;
    await assert.rejects(assertFreeSpace(need, request(folder), helpers), (error: Error) => {
      assert.ok(error.message.includes(`needs ${2 ** 40} MB in ${folder}, and `), error.message);
      assert.match(error.message, /^The disk is full: “Installing packages and files” needs/);
      assert.match(
        error.message,
        / \d+ MB are free, and all that the cache keeps would not be enough\. Free some, or/,
      );
      return true;
    });
    assert.deepEqual(asked, [2 ** 60]);
    assert.match(log.join(), /the cache has given up roots\/old/);
    await assert.rejects(
      assertFreeSpace(need, request('/proc'), helpers),
      /are free\. Free some, or start the forge with its data elsewhere \(--data\)/,
    );
    assert.deepEqual(asked.length, 1, 'The cache on another disk need not give way.');
    const inCache = { ...need, folder: '/dev/shm' };
    await assert.rejects(
      assertFreeSpace(inCache, request('/dev/shm'), helpers),
      /its cache elsewhere \(--cache or FORGE_CACHE\)/,
    );
  });

  test('is measured without holes', async () => {
    await using file = await open(join(folder, 'sparse'), 'w');
    await file.truncate(2 ** 30);
    await file.write('some', 0);
    await file.sync();
    const used = await usedBytes(folder);
    assert.ok(used >= 4096 && used < 2 ** 20, `${used}`);
  });

  test('each format says how much its steps take', () => {
    for (const { name } of targetFormats) {
      const plan = { compress: true, disks: [{}] } as unknown as Plan;
      const { convert, pack } = imageFormatOf(name)?.room(plan) ?? { convert: NaN, pack: NaN };
      assert.ok(convert >= 0 && pack >= 0 && convert + pack > 0, name);
    }
  });
});

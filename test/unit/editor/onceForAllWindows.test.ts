import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { OnceForAllWindows } from '../../../src/editor/windows/onceForAllWindows.ts';
import type { Clock } from '../../../src/uforge/clock.ts';

describe('who tells that an image is done', () => {
  let folder: string;
  let time = Date.now();
  const clock: Clock = { now: () => time, schedule: () => assert.fail('nothing is scheduled') };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'af-marks-'));
    time = Date.now();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is one of any number of windows', async () => {
    const windows = Array.from({ length: 8 }, () => new OnceForAllWindows(join(folder, 'told'), clock));
    const claims = await Promise.all(windows.map((window) => window.claim('http://s/api/images/1')));
    assert.equal(claims.filter(Boolean).length, 1);
    assert.equal(await windows[0]!.claim('http://s/api/images/1'), false);
    assert.equal(await windows[1]!.claim('http://s/api/images/2'), true);
  });

  it('leaves nothing behind for longer than a week', async () => {
    const once = new OnceForAllWindows(folder, clock);
    await once.claim('a');
    time += 8 * 24 * 60 * 60 * 1000;
    await once.claim('b');
    assert.equal((await readdir(folder)).length, 1);
  });
});

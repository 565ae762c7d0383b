import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { BuildProgress } from '../../../src/builder/index.ts';
import { Progress } from '../../../src/builder/stages/progress.ts';
import { Timings } from '../../../src/builder/stages/timings.ts';

suite('the progress of a build', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'forge-progress-'))));
  afterEach(async () => await rm(folder, { recursive: true, force: true }));

  async function progressWith(times: Record<string, number>): Promise<{
    progress: Progress;
    timings: Timings;
    seen: BuildProgress[];
    clock: { now: number };
  }> {
    await writeFile(join(folder, 'timings.json'), JSON.stringify(times));
    const timings = await Timings.read(folder);
    const seen: BuildProgress[] = [];
    const clock = { now: 0 };
    const observer = { progress: (step: BuildProgress) => seen.push(step), log: () => undefined };
    return { progress: new Progress(observer, timings, () => clock.now), timings, seen, clock };
  }

  test('a stage has the share of the whole that it took last time, and the rest is what remains', async () => {
    const { progress, seen } = await progressWith({ slow: 9000, quick: 1000 });
    progress.expect([
      ['install', 'slow'],
      ['convert', 'quick'],
    ]);
    progress.enter('install');
    progress.report('install', { fraction: 0.5 });
    assert.deepEqual([seen.at(-1)?.percentage, seen.at(-1)?.remainingMs], [44, 5500]);
    progress.enter('convert');
    assert.deepEqual([seen.at(-1)?.percentage, seen.at(-1)?.remainingMs], [89, 1000]);
  });

  test('it never goes back, also when the cache turns out to have nothing', async () => {
    const { progress, seen } = await progressWith({ checkDependencies: 50_000 });
    progress.enter('checkDependencies');
    progress.report('checkDependencies', { fraction: 1 });
    const before = seen.at(-1)?.percentage ?? 0;
    progress.expect([['install', 'endless']]);
    progress.enter('install');
    progress.report('install', { fraction: 0.5 });
    progress.report('install', { fraction: 0.1 });
    const percentages = seen.map(({ percentage }) => percentage);
    assert.deepEqual(
      percentages,
      percentages.toSorted((a, b) => a - b),
    );
    assert.ok((percentages.at(-1) ?? 0) > before && (percentages.at(-1) ?? 0) < 99);
  });

  test('what a stage took is what the next build expects', async () => {
    const { progress, timings, clock } = await progressWith({ slow: 1000 });
    progress.expect([['install', 'slow']]);
    progress.enter('install');
    clock.now = 3000;
    assert.deepEqual(progress.finish(), { stage: 'install', took: 3000 });
    await timings.save();
    assert.equal((await Timings.read(folder)).of('slow'), 2000);
  });

  test('a file of times that is no such thing is as good as none', async () => {
    await writeFile(join(folder, 'timings.json'), 'not JSON');
    assert.equal((await Timings.read(folder)).of('slow'), undefined);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacedProgress } from '../../../src/forge/publishing/pacedProgress.ts';
import { ManualClock } from '../tickets/support.ts';

test('progress is written at once, then now and then, and the last of it in any case', async () => {
  const clock = new ManualClock();
  const written: string[] = [];
  using progress = new PacedProgress(
    (message, bytes) => written.push(`${message} ${bytes?.done ?? '-'}`),
    clock,
  );
  for (const done of [1, 2, 3]) progress.tell('Pushing', { done, total: 9 });
  assert.deepEqual(written, ['Pushing 1']);
  assert.equal(await clock.next(), 250);
  assert.deepEqual(written, ['Pushing 1', 'Pushing 3']);
  await clock.next();
  assert.deepEqual([written.length, clock.pending], [2, 0], 'nothing is written twice');
  progress.tell('Pushing', { done: 4, total: 9 });
  progress.tell('Tagging');
  assert.deepEqual(written.slice(2), ['Pushing 4', 'Tagging -']);
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { oneAtATime } from '../../../src/editor/oneAtATime.ts';

suite('work that is done one at a time', () => {
  test('never overlaps; who asks meanwhile waits for one run more, together', async () => {
    const begun: (() => void)[] = [];
    const run = oneAtATime(() => new Promise((resolve) => begun.push(resolve)));
    let ended = 0;
    const count = (): number => ended++;
    const first = run().then(count);
    const [second, third] = [run().then(count), run().then(count)];
    assert.equal(begun.length, 1);
    begun[0]!();
    await first;
    await Promise.resolve();
    assert.deepEqual([begun.length, ended], [2, 1]);
    begun[1]!();
    await Promise.all([second, third]);
    assert.equal(begun.length, 2);
  });

  test('goes on after a run that failed', async () => {
    let runs = 0;
    const run = oneAtATime(() => (++runs === 1 ? Promise.reject(new Error('no')) : Promise.resolve()));
    const [first, second] = [run(), run()];
    await assert.rejects(first, /no/);
    await second;
    assert.equal(runs, 2);
  });
});

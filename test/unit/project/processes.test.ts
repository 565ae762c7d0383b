import assert from 'node:assert/strict';
import { once } from 'node:events';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Group, runGroup } from '../../../scripts/lib/processGroup.ts';
import { Mark } from '../../../scripts/lib/leftovers.ts';

/** A shell that starts a sleeper in a session of its own and says so. */
const withRunaway = ['-c', `setsid sh -c 'echo started; exec sleep 60' & sleep 60`];

const marked = (mark: Mark) => ({ ...process.env, ...mark.env });

/** A shell says that it has started before each of its children has a name, on a busy machine long before. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

/** Marks are looked for in /proc, and the shell is a POSIX one with setsid. */
const skip = process.platform !== 'linux' && 'needs Linux';

suite('What the scripts start ends with them', { timeout: 60_000, skip }, () => {
  test('a group is taken down as a whole', async () => {
    const mark = new Mark();
    await using group = new Group('sh', ['-c', 'sleep 60 & sleep 60 & echo started; wait'], {
      env: marked(mark),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(group.child.stdout!, 'data');
    await until(() => mark.find().length === 3);
    await group.stop();
    assert.deepEqual(mark.find(), []);
  });

  test('what ignores SIGTERM is killed', async () => {
    const mark = new Mark();
    await using group = new Group('sh', ['-c', 'trap "" TERM; echo started; while :; do sleep 1; done'], {
      env: marked(mark),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(group.child.stdout!, 'data');
    await group.stop();
    assert.deepEqual(mark.find(), []);
  });

  test('an abort takes the group down', async () => {
    const controller = new AbortController();
    const running = runGroup('sleep', ['60'], { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(running, /enough/);
  });

  test('what left its group is found by its mark, named and ended', async () => {
    const mark = new Mark();
    await using group = new Group('sh', withRunaway, {
      env: marked(mark),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(group.child.stdout!, 'data');
    await group.stop();
    await until(() => mark.find().some(({ command }) => command === 'sleep 60'));
    assert.deepEqual(
      (await mark.clear()).map(({ command }) => command),
      ['sleep 60'],
    );
    assert.deepEqual(mark.find(), []);
  });

  test('what bears another mark is left alone', async () => {
    const [ours, theirs] = [new Mark(), new Mark()];
    await using group = new Group('sleep', ['60'], { env: marked(theirs) });
    assert.deepEqual(await ours.clear(), []);
    assert.equal(group.child.exitCode, null);
  });
});

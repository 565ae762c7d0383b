import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { isGreen, summaryLine } from '../../../scripts/layers/layer.ts';
import { judge, splitArguments, type TestCount } from '../../../scripts/layers/nodeTests.ts';
import { root } from '../../../scripts/lib/root.ts';

suite('A layer of the tests', () => {
  test('is green only when something passed and nothing failed', () => {
    assert.equal(isGreen({ passed: 1, failed: 0, notes: [] }), true);
    assert.equal(isGreen({ passed: 0, failed: 0, notes: [] }), false);
    assert.equal(isGreen({ passed: 9, failed: 1, notes: [] }), false);
  });

  test('ends with one line that a machine can read', () => {
    assert.equal(summaryLine('host', { passed: 3, failed: 0, notes: [] }), 'host: 3 passed, 0 failed');
    assert.equal(
      summaryLine('e2e', { passed: 0, failed: 0, notes: [] }),
      'e2e: 0 passed, 0 failed; no test ran',
    );
  });

  test('is red when its runner dies, or ends badly without a failed test', () => {
    const fine: TestCount = { passed: 5, failed: 0, skipped: 0, empty: [] };
    assert.equal(isGreen(judge(0, fine, false)), true);
    assert.equal(isGreen(judge(1, fine, false)), false);
    assert.equal(isGreen(judge(0, undefined, false)), false);
  });

  test('is red when a file has no test, unless tests were picked by name', () => {
    const count: TestCount = { passed: 5, failed: 0, skipped: 0, empty: ['a.test.ts'] };
    assert.equal(isGreen(judge(0, count, false)), false);
    assert.equal(isGreen(judge(0, count, true)), true);
  });

  test('takes files and options from the command line', () => {
    assert.deepEqual(splitArguments(['--test-name-pattern', 'boots', 'a.test.ts', '--desktop']), {
      options: ['--test-name-pattern=boots', '--desktop'],
      files: ['a.test.ts'],
    });
  });
});

suite('The count of a layer comes from tests that ran', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-count-'))));
  after(() => rm(folder, { recursive: true }));

  /** Runs one file with our reporter, as nodeTests.ts does. */
  async function count(code: string): Promise<TestCount> {
    const file = join(folder, 'sample.test.mjs');
    const report = join(folder, 'report.json');
    await writeFile(file, `import { suite, test } from 'node:test';\n${code}`);
    const reporter = join(root, 'scripts/layers/countReporter.ts');
    const env = { ...process.env, NODE_TEST_CONTEXT: undefined }; // else the inner runner thinks it is ours
    const runner = spawn(
      process.execPath,
      ['--test', `--test-reporter=${reporter}`, `--test-reporter-destination=${report}`, file],
      { env, stdio: 'ignore' },
    );
    await once(runner, 'close');
    return JSON.parse(await readFile(report, 'utf8')) as TestCount;
  }

  test('tests are counted, suites and skipped ones are not', async () => {
    const counted = await count(`
      suite('s', () => { test('a', () => {}); test.skip('b', () => {}); test.todo('c'); });
      test('d', () => { throw new Error('no'); });`);
    assert.deepEqual(counted, { passed: 1, failed: 1, skipped: 2, empty: [] });
  });

  test('a file without a test is not a test that passed', async () => {
    const counted = await count('');
    assert.equal(counted.passed, 0);
    assert.equal(counted.empty.length, 1);
  });

  test('a file that breaks while it is loaded has failed', async () => {
    const counted = await count(`throw new Error('at load');`);
    assert.deepEqual({ passed: counted.passed, failed: counted.failed }, { passed: 0, failed: 1 });
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { run } from '../../../src/cli/run.ts';
import { runTests, startMachine } from '../../../src/machines/index.ts';
import { systemClock as clock } from '../../../src/uforge/clock.ts';
import { writeTinyImage } from '../../support/tinyImage.ts';
import { environment } from '../cli/support.ts';

const template = (tests: string): string => `stack:
  { name: tiny, version: '1.0', os: { name: Debian, version: '12', arch: x86_64, profile: Minimal } }
builders: [{ type: Raw Virtual Disk, hardwareSettings: { memory: 64 } }]
tests:
${tests}`;

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-tests-'));
  await writeTinyImage(join(folder, 'tiny.raw'));
});
after(() => rm(folder, { recursive: true, force: true }));

suite('the tests of an image', { timeout: 120_000 }, () => {
  test('are told one by one, with what was seen, and with the console where one has not passed', async () => {
    const image = { path: join(folder, 'tiny.raw'), targetFormat: 'Raw Virtual Disk', memoryMb: 64 };
    await using machine = await startMachine(image);
    const told: string[] = [];
    const { outcomes, lost } = await runTests(
      machine,
      [{ console: String.raw`tiny.*1\.\d` }, { name: 'silent', console: 'no such line', within: 1 }],
      {
        clock,
        onStart: (index) => told.push(`start ${index}`),
        onOutcome: ({ index, state }) => told.push(`${state} ${index}`),
      },
    );
    assert.deepEqual(told, ['start 0', 'passed 0', 'start 1', 'failed 1']);
    const [first, second] = outcomes;
    assert.match(first?.output ?? '', /tiny.*1\.0/);
    assert.equal(second?.name, 'silent');
    assert.match(second.said.toString(), /has not shown/);
    assert.match(second.console ?? '', /tiny login:/);
    assert.equal(lost, undefined);
  });

  test('end where a pattern would take for ever, and say which', async () => {
    const image = { path: join(folder, 'tiny.raw'), targetFormat: 'Raw Virtual Disk', memoryMb: 64 };
    await using machine = await startMachine(image);
    await machine.console.until(/login:/, { timeoutMs: 60_000 });
    const endless = String.raw`([^x]+)+x{9}`;
    const { outcomes } = await runTests(machine, [{ console: endless }, { console: 'login' }], { clock });
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ['notRun', 'passed'],
    );
    assert.match(outcomes[0]?.said.toString() ?? '', /takes more than a second .* Write a simpler one/);
  });

  test('are not made in a machine that has ended, and that is said', async () => {
    const image = { path: join(folder, 'tiny.raw'), targetFormat: 'Raw Virtual Disk', memoryMb: 64 };
    await using machine = await startMachine(image);
    await machine.stop();
    await machine.ended;
    const { outcomes, lost } = await runTests(machine, [{ port: 22 }, { console: 'never said' }], { clock });
    assert.deepEqual(
      outcomes.map(({ state }) => state),
      ['notRun', 'notRun'],
    );
    assert.equal(lost?.kind, 'ended');
  });

  test('in the terminal end with 0 or 1, and leave a JUnit file', async () => {
    const file = join(folder, 'template.yml');
    const junit = join(folder, 'out/junit.xml');
    const args = ['test', join(folder, 'tiny.raw'), '--junit', junit];
    await writeFile(file, template('  - { console: login }\n'));
    const good = environment();
    assert.equal(await run(args, good), 0, good.errors.text);
    assert.match(good.out.text, /✓ 1\/1 console login \(\d/);
    assert.match(await readFile(junit, 'utf8'), /tests="1" failures="0" errors="0"/);
    await writeFile(file, template('  - { console: login }\n  - { console: nothing, within: 1 }\n'));
    const bad = environment();
    assert.equal(await run([...args, '--json'], bad), 1);
    const events = bad.out.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      events.filter(({ event }) => event === 'test').map(({ state }) => state),
      ['passed', 'failed'],
    );
    assert.equal(events.at(-1)?.['message'], '1 of 2 checks passed.');
    assert.match(await readFile(junit, 'utf8'), /tests="2" failures="1" errors="0"/);
  });

  test('in the terminal end with 2 where there is nothing to test, or no such format', async () => {
    const setup = environment();
    assert.equal(await run(['test', join(folder, 'tiny.raw'), '--format', 'Floppy'], setup), 2);
    assert.match(setup.errors.text, /no target format “Floppy”/);
    await writeFile(join(folder, 'template.yml'), template('  []\n'));
    assert.equal(await run(['test', join(folder, 'tiny.raw')], setup), 2);
    assert.match(setup.errors.text, /has no “tests”/);
  });
});

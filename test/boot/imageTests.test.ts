import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Test } from '../../src/appliance/template/model/template.ts';
import { imageOf, isGood, loginOf, runTests, startMachine, type Outcome } from '../../src/machines/index.ts';
import { loginOnConsole } from '../../src/machines/shell/consoleShell.ts';
import { systemClock as clock } from '../../src/uforge/clock.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';

/** One of each kind that examples/nginx is not, and what is to be said of it. */
const wrong: readonly (readonly [Test, RegExp])[] = [
  [{ console: 'APPLIANCE-READY apache', within: 1 }, /has not shown/],
  [{ command: 'echo seen; exit 3' }, /ended with 3, not with 0/],
  [{ command: 'nginx -v', output: 'apache' }, /has not printed apache/],
  [{ port: 8080, within: 1 }, /Nothing answers on port 8080/],
  [{ http: 'http://localhost/nothing', within: 1 }, /answers with 404, not with 2xx/],
  [{ http: 'http://localhost/', body: 'apache', within: 1 }, /no apache/],
  [{ file: '/etc/nginx/apache.conf' }, /is not there/],
  [{ file: '/etc/nginx/nginx.conf', rights: '600' }, /rights are 644, not 600/],
  [{ file: '/etc/nginx/nginx.conf', ownerGroup: 'www-data' }, /belongs to root:root/],
  [{ file: '/etc/nginx/nginx.conf', content: '^user root;' }, /there is no \^user root;/],
  [{ package: 'apache2' }, /is not installed/],
  [{ package: 'nginx', version: '>= 99' }, /which is not >= 99/],
  [{ service: 'apache2' }, /is inactive, not active/],
  [{ noFailedUnits: true }, /Failed: broken\.service/],
];

const breaks =
  'printf "[Service]\\nExecStart=/bin/false\\n" >/run/systemd/system/broken.service && ' +
  'systemctl daemon-reload && ! systemctl start broken';

test(
  'examples/nginx is what its tests say, over SSH and on the console, and each wrong test says what is wrong',
  { timeout: 2_400_000 },
  async (t) => {
    await using folder = await temporaryFolder();
    const source = await exampleTemplate('nginx');
    const { artifact } = await startBuild(folder.path, source, {
      ...{ targetFormat: { name: 'QCOW2' }, compress: true, installProfile: { diskSize: 2048 } },
    });
    const { path } = await artifact;
    const image = imageOf(source.template, path, 'QCOW2');
    const tell = ({ state, name, said, durationMs }: Outcome): void =>
      t.diagnostic(`${state} ${name} (${Math.round(durationMs / 1000)} s): ${said.toString()}`);
    await using machine = await startMachine(image);
    const { tests = [] } = source.template;
    assert.equal(tests.length, 8);
    const good = await runTests(machine, tests, { clock, onOutcome: tell });
    assert.ok(isGood(good.outcomes), good.outcomes.map(({ said }) => said.toString()).join('\n'));

    // The same machine for one that takes no key: the console has to do.
    const login = loginOf(source.template);
    assert.ok(login);
    const console = await loginOnConsole(machine.console, login, { timeoutMs: 300_000 });
    const words = "it's “é”\n";
    const said = await console.run(`printf '%s\\n' "it's “é”" | tee /dev/stderr; exit 7`, {
      timeoutMs: 60_000,
    });
    assert.deepEqual(said, { exitCode: 7, stdout: words, stderr: words });
    const late = await console.run('sleep 60', { timeoutMs: 2_000 });
    assert.equal(late.exitCode, 124);
    const broken = await console.run(breaks, { timeoutMs: 60_000 });
    assert.equal(broken.exitCode, 0, broken.stderr);

    const bad = await runTests(
      machine,
      wrong.map(([each]) => each),
      { clock, onOutcome: tell },
    );
    for (const [index, [, says]] of wrong.entries()) {
      const outcome = bad.outcomes[index];
      assert.equal(outcome?.state, 'failed', outcome?.said.toString());
      assert.match(outcome.said.toString(), says);
      assert.notEqual(outcome.console, undefined);
    }
    assert.equal(bad.lost, undefined);
  },
);

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTemplate } from '../../src/appliance/template/parseTemplate.ts';
import { startBuild, temporaryFolder } from '../support/builds.ts';
import { boot } from '../support/boot.ts';

test(
  'docker.io alone makes a machine that runs containers, also behind the firewall',
  { timeout: 1_800_000 },
  async (t) => {
    const filesDir = join(import.meta.dirname, '../appliances/docker-host');
    const { template } = parseTemplate(await readFile(join(filesDir, 'template.yml'), 'utf8'), 'yaml');
    assert.ok(template);
    await using folder = await temporaryFolder();
    const image = { compress: false, targetFormat: { name: 'QCOW2' } };
    const { artifact, log } = await startBuild(folder.path, { template, filesDir }, image);
    const { path } = await artifact;
    const gaveUp = log.find((line) => line.startsWith('Warning: systemd-timesyncd'));
    assert.match(gaveUp ?? '', /of the profile is left out, .*: chrony : Conflicts: time-daemon/);
    const recommended = log.find((line) => line.startsWith('Recommended and left out:'));
    assert.match(recommended ?? '', / git, /);
    assert.doesNotMatch(recommended ?? '', /apparmor/);
    const { console } = await boot({ path, targetFormat: 'QCOW2' }, [/CHECK-DONE/], { timeoutMs: 900_000 });
    const lines = console.match(/CHECK (ok|BAD) .*/g) ?? [];
    for (const line of lines) t.diagnostic(line.trim());
    assert.deepEqual(
      lines.filter((line) => line.startsWith('CHECK BAD')),
      [],
    );
    const script = await readFile(join(filesDir, 'config/check.sh'), 'utf8');
    assert.equal(lines.length, script.match(/^check /gm)?.length);
  },
);

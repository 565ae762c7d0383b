import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { packTemplate } from '../../src/appliance/archive/packTemplate.ts';
import { unpackTemplate } from '../../src/appliance/archive/unpackTemplate.ts';
import { startBuild, temporaryFolder } from '../support/builds.ts';
import { boot } from '../support/boot.ts';

const source = resolve(import.meta.dirname, '../appliances/settings');

test(
  'an appliance with every setting that UForge has no word for has them all, as it says itself, on BIOS and on UEFI',
  { timeout: 1_800_000 },
  async (t) => {
    await using folder = await temporaryFolder();
    const archive = await packTemplate(join(source, 'template.yml'));
    const filesDir = join(folder.path, 'unpacked');
    const { template } = await unpackTemplate(archive.content(), filesDir);
    const image = { compress: false, targetFormat: { name: 'KVM' } };
    const { artifact, log } = await startBuild(folder.path, { template, filesDir }, image);
    const { path } = await artifact;
    await promisify(execFile)('tar', ['-xf', path, '-C', folder.path, '--strip-components=1']);
    const launch = await readFile(join(folder.path, 'launch.sh'), 'utf8');
    assert.match(launch, /-smp "\$\{CPUS:-3\}"/, 'the number of processors');
    t.diagnostic(log.filter((line) => line.startsWith('Warning')).join('\n'));

    const script = await readFile(join(source, 'config/check.sh'), 'utf8');
    for (const firmware of ['bios', 'uefi'] as const) {
      const booted = await boot(
        {
          ...{ path, targetFormat: 'KVM', cards: 3 },
        },
        [/CHECK-DONE \d+ ok, \d+ bad/],
        { firmware, timeoutMs: 600_000 },
      );
      const lines = booted.console.match(/CHECK (ok|BAD) .*/g) ?? [];
      for (const line of lines) t.diagnostic(`${firmware}: ${line.trim()}`);
      const wrong = lines.filter((line) => line.startsWith('CHECK BAD'));
      assert.deepEqual(wrong, []);
      assert.equal(lines.length, script.match(/^check '/gm)?.length);
    }
  },
);

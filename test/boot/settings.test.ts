import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { packTemplate } from '../../src/appliance/archive/packTemplate.ts';
import { unpackTemplate } from '../../src/appliance/archive/unpackTemplate.ts';
import { askedInside } from '../support/askedInside.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';

suite('an appliance with every setting that UForge has no word for has them all, as it says itself', () => {
  for (const [version, ...firmwares] of [
    ['12', 'bios', 'uefi'],
    ['11', 'bios'],
  ] as const) {
    test(`Debian ${version}, on ${firmwares.join(' and on ')}`, { timeout: 40 * 60_000 }, async (t) => {
      await using folder = await temporaryFolder();
      const source = (await testAppliance('settings')).filesDir;
      const archive = await packTemplate(join(source, 'template.yml'));
      const filesDir = join(folder.path, 'unpacked');
      const { stack } = (await unpackTemplate(archive.content(), filesDir)).template;
      const template = { stack: { ...stack, os: { ...stack.os, version } } };
      const image = { compress: false, targetFormat: { name: 'KVM' } };
      const { artifact, log } = await startBuild(folder.path, { template, filesDir }, image);
      const { path } = await artifact;
      await promisify(execFile)('tar', ['-xf', path, '-C', folder.path, '--strip-components=1']);
      const launch = await readFile(join(folder.path, 'launch.sh'), 'utf8');
      assert.match(launch, /-smp "\$\{CPUS:-3\}"/, 'the number of processors');
      t.diagnostic(log.filter((line) => line.startsWith('Warning')).join('\n'));
      for (const firmware of firmwares) {
        t.diagnostic(firmware);
        await askedInside(t, source, { path, targetFormat: 'KVM', cards: 3 }, { firmware });
      }
    });
  }
});

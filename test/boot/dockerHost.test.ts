import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { askedInside } from '../support/askedInside.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';

suite('docker.io makes a machine that runs containers, also behind the firewall', () => {
  for (const version of ['12', '13']) {
    test(`Debian ${version}`, { timeout: 40 * 60_000 }, async (t) => {
      const { template, filesDir } = await testAppliance('docker-host');
      const stack = { ...template.stack, os: { ...template.stack.os, version } };
      await using folder = await temporaryFolder();
      const image = { compress: false, targetFormat: { name: 'QCOW2' } };
      const { artifact, log } = await startBuild(folder.path, { template: { stack }, filesDir }, image);
      const { path } = await artifact;
      const gaveUp = log.find((line) => line.startsWith('Warning: systemd-timesyncd'));
      assert.match(
        gaveUp ?? '',
        /of the profile is left out, .*“chrony” and “systemd-timesyncd” exclude each other/,
      );
      const recommended = log.find((line) => line.startsWith('Recommended and left out:'));
      assert.match(recommended ?? '', / git, /);
      assert.doesNotMatch(recommended ?? '', /apparmor/);
      await askedInside(t, filesDir, { path, targetFormat: 'QCOW2' });
    });
  }
});

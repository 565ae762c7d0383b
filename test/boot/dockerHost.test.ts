import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { askedInside } from '../support/askedInside.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';

/** From Debian 13 on docker.io only recommends its client, as the ticket's log says. */
const clients = { 12: [], 13: [{ name: 'docker-cli' }] };

suite('docker.io makes a machine that runs containers, also behind the firewall', () => {
  for (const [version, more] of Object.entries(clients)) {
    test(`Debian ${version}`, { timeout: 40 * 60_000 }, async (t) => {
      const { template, filesDir } = await testAppliance('docker-host');
      const { os } = template.stack;
      const pkgs = [...(os.pkgs ?? []), ...more];
      const stack = { ...template.stack, os: { ...os, version, pkgs } };
      await using folder = await temporaryFolder();
      const image = { compress: false, targetFormat: { name: 'QCOW2' } };
      const { artifact, log } = await startBuild(folder.path, { template: { stack }, filesDir }, image);
      const { path } = await artifact;
      const gaveUp = log.find((line) => line.startsWith('Warning: systemd-timesyncd'));
      assert.match(gaveUp ?? '', /of the profile is left out, .*: chrony : Conflicts: time-daemon/);
      const recommended = log.find((line) => line.startsWith('Recommended and left out:'));
      assert.match(recommended ?? '', / git, /);
      assert.doesNotMatch(recommended ?? '', /apparmor/);
      await askedInside(t, filesDir, { path, targetFormat: 'QCOW2' });
    });
  }
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { requestFromTemplate } from '../../src/appliance/request/fromTemplate.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';
import { startMachine } from '../../src/machines/index.ts';

const execute = promisify(execFile);
const minutes = 60_000;

/** Everybody has it: it comes with Vagrant (keys/vagrant.key.ed25519). */
const wellKnownKey = `-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACDdWHcQaTZc8Q6nycsP0CqMNRfsLxvYVxqKosrHyTp+WAAAAJj2TBMT9kwT
EwAAAAtzc2gtZWQyNTUxOQAAACDdWHcQaTZc8Q6nycsP0CqMNRfsLxvYVxqKosrHyTp+WA
AAAEAveRHRHSCjIxbNKHDRzezD0U3R3UEEmS7R33fzvPQAD91YdxBpNlzxDqfJyw/QKow1
F+wvG9hXGoqiysfJOn5YAAAAEHNwb3hAdmFncmFudC1kZXYBAgMEBQ==
-----END OPENSSH PRIVATE KEY-----
`;

/** What Vagrant's rules for boxes ask for, asked of the box by who has logged in. */
const questions = `echo "SAID $(id -un) $(sudo -n id -un) $(sudo -n passwd -S vagrant | cut -d' ' -f2)" \\
  "$(systemctl is-active ssh) $(systemctl --failed --plain --no-legend | wc -l)" | sudo -n tee /dev/console`;

test('Vagrant logs in to a box with the key that everybody has', { timeout: 30 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const source = await testAppliance('vagrant-box');
  const { artifact } = await startBuild(folder.path, source, {
    ...requestFromTemplate(source.template),
    compress: false,
  });
  const { path } = await artifact;
  const metadata = await execute('tar', ['-xOf', path, 'metadata.json']);
  assert.equal(metadata.stdout, '{"provider":"virtualbox"}\n');

  const key = join(folder.path, 'key');
  await writeFile(key, wellKnownKey, { mode: 0o600 });
  await using machine = await startMachine(
    { path, targetFormat: 'Vagrant Base Box' },
    { cacheDir: folder.path },
  );
  const [ssh] = machine.ports;
  const over = new AbortController();
  const said = machine.console
    .until(/SAID vagrant .*/, { timeoutMs: 15 * minutes })
    .finally(() => over.abort());
  const options = ['-i', key, '-p', String(ssh?.host), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'];
  const unknown = ['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${key}.hosts`];
  let refused = '';
  while (!over.signal.aborted) {
    // Until it has started, nobody answers.
    await execute('ssh', [...options, ...unknown, 'vagrant@127.0.0.1', questions], {
      signal: over.signal,
    }).catch((error: unknown) => (refused = String(error)));
    await after(2000, undefined, { signal: over.signal }).catch(() => undefined);
  }
  assert.match(await said, /SAID vagrant root P active 0/, refused);
});

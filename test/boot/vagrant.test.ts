import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as after } from 'node:timers/promises';
import { promisify } from 'node:util';
import { requestFromTemplate } from '../../src/appliance/request/fromTemplate.ts';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';
import { boot } from '../support/qemu.ts';

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

/** A port of this computer that nobody uses. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('Vagrant logs in to a box with the key that everybody has', { timeout: 30 * minutes }, async () => {
  await using folder = await temporaryFolder();
  const source = await testAppliance('vagrant-box');
  const { artifact } = await startBuild(folder.path, source, {
    ...requestFromTemplate(source.template),
    compress: false,
  });
  await execute('tar', ['-C', folder.path, '-xf', (await artifact).path]);
  assert.equal(await readFile(join(folder.path, 'metadata.json'), 'utf8'), '{"provider":"virtualbox"}\n');

  const key = join(folder.path, 'key');
  await writeFile(key, wellKnownKey, { mode: 0o600 });
  const sshPort = await freePort();
  const over = new AbortController();
  const starting = boot(
    { disk: join(folder.path, 'box-disk1.vmdk'), diskFormat: 'vmdk', hardware: 'virtualBox', sshPort },
    [/SAID vagrant .*/],
    { timeoutMs: 15 * minutes },
  ).finally(() => over.abort());
  const options = ['-i', key, '-p', String(sshPort), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'];
  const unknown = ['-o', 'StrictHostKeyChecking=no', '-o', `UserKnownHostsFile=${key}.hosts`];
  let refused = '';
  while (!over.signal.aborted) {
    // Until it has started, nobody answers.
    await execute('ssh', [...options, ...unknown, 'vagrant@127.0.0.1', questions], {
      signal: over.signal,
    }).catch((error: unknown) => (refused = String(error)));
    await after(2000, undefined, { signal: over.signal }).catch(() => undefined);
  }
  const booted = await starting;
  assert.ok(booted.reached, `${refused}\n${booted.console.slice(-3000)}`);
  assert.match(booted.console, /SAID vagrant root P active 0/);
});

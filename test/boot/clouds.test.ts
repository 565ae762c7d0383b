import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { startBuild, temporaryFolder, testAppliance } from '../support/builds.ts';
import { ec2Metadata, openStackMetadata, serveMetadata, type Told } from '../support/metadata.ts';
import type { StartOptions } from '../../src/machines/index.ts';
import { largerDisk } from '../support/askedInside.ts';
import { boot } from '../support/boot.ts';

const execute = promisify(execFile);
const minutes = 60_000;

/** Runs in the machine at its first boot, if it takes what its cloud tells it. */
const script = `#!/bin/sh
said() { echo "SAID $1: $(eval "$2" 2>&1 | tr -s '\\n' ' ')" > /dev/console; }
said cloud cloud-id
said name hostname
said keys "cut -d' ' -f3 /home/debian/.ssh/authorized_keys"
said sudo 'runuser -u debian -- sudo -n id -un'
said root "passwd -S root | cut -d' ' -f2"
said operator "passwd -S operator | cut -d' ' -f2"
said gigabytes 'echo $(($(stat -fc "%b * %S" /) >> 30))'
said ssh 'systemctl is-active ssh'
said sources "grep -c bookworm /etc/apt/sources.list"
said failed 'systemctl --failed --plain --no-legend'
echo SAID-ALL > /dev/console
`;

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN1YdxBpNlzxDqfJyw/QKow1F+wvG9hXGoqiysfJOn5Y the-key';
const told: Told = { name: 'told-by-the-cloud', key, script };

/** What a machine says that took it all: the disk has 6 GB, the image 1.5. */
function expected(cloud: string): string[] {
  return [
    ...[
      `cloud: ${cloud}`,
      'name: told-by-the-cloud',
      'keys: the-key',
      'sudo: root',
      'root: P',
      'operator: P',
    ],
    ...['gigabytes: 5', 'ssh: active', 'sources: 3', 'failed:'],
  ];
}

async function built(format: string, folder: string): Promise<string> {
  const image = { compress: false, targetFormat: { name: format } };
  const { artifact } = await startBuild(folder, await testAppliance('cloud-image'), image);
  return (await artifact).path;
}

/** Starts an image on a disk of 6 GB; what it said. */
async function saidOn(targetFormat: string, options: StartOptions, image: string): Promise<string[]> {
  const machine = { path: await largerDisk(image, 6), targetFormat };
  const booted = await boot(machine, [/SAID-ALL/], { ...options, timeoutMs: 15 * minutes });
  return [...booted.console.matchAll(/SAID (\w+): ?(.*)/g)].map(([, what = '', how = '']) =>
    `${what}: ${how.trim()}`.trim(),
  );
}

suite('an image for a cloud takes its key, its script and all of its disk', () => {
  test('of OpenStack, from a disk with settings', { timeout: 30 * minutes }, async () => {
    await using folder = await temporaryFolder();
    const path = await built('OpenStack QCOW2', folder.path);
    const seed = join(folder.path, 'seed');
    await mkdir(seed);
    await writeFile(join(seed, 'user-data'), script);
    const metadata = { 'instance-id': 'i-1', 'local-hostname': told.name, 'public-keys': [key] };
    await writeFile(join(seed, 'meta-data'), JSON.stringify(metadata));
    const cd = `${seed}.iso`;
    await execute('xorriso', ['-as', 'mkisofs', '-quiet', '-V', 'cidata', '-J', '-r', '-o', cd, seed]);
    const said = await saidOn('OpenStack QCOW2', { cd }, path);
    assert.deepEqual(said, expected('nocloud'));
  });

  test('of OpenStack, from the metadata service', { timeout: 30 * minutes }, async () => {
    await using folder = await temporaryFolder();
    const path = await built('OpenStack QCOW2', folder.path);
    await using service = await serveMetadata(openStackMetadata(told));
    const smbios = 'type=1,manufacturer=OpenStack Foundation,product=OpenStack Nova';
    const cloud = { smbios, metadataPort: service.port };
    const said = await saidOn('OpenStack QCOW2', { cloud }, path);
    assert.deepEqual(said, expected('openstack'));
  });

  test('of Amazon, which has another disk and asks for a session', { timeout: 30 * minutes }, async () => {
    await using folder = await temporaryFolder();
    const path = await built('Amazon AWS', folder.path);
    await using service = await serveMetadata(ec2Metadata(told));
    const id = 'ec2e1916-9099-7caf-fd21-012345abcdef';
    const smbios = `type=1,manufacturer=Amazon EC2,serial=${id},uuid=${id}`;
    const cloud = { smbios, metadataPort: service.port };
    const said = await saidOn('Amazon AWS', { cloud }, path);
    assert.deepEqual(said, expected('aws'));
    assert.ok(service.asked.includes('/latest/api/token'));
  });
});

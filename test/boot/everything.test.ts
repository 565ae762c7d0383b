import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { exampleTemplate, startBuild, temporaryFolder } from '../support/builds.ts';
import { everything, numberOfChecks } from '../support/everythingTemplate.ts';
import { boot } from '../support/boot.ts';
import { smallTemplate } from '../support/smallTemplate.ts';

const run = promisify(execFile);

test(
  'a template with every option becomes a machine that has every option, as it says itself, on BIOS and then on UEFI',
  { timeout: 1_800_000 },
  async (t) => {
    await using folder = await temporaryFolder();
    const { artifact } = await startBuild(folder.path, await everything(folder.path), {
      compress: false,
      targetFormat: { name: 'QCOW2' },
      installProfile: { memorySize: 1024 },
    });
    // Two disks in one file are a tar archive.
    const { path } = await artifact;
    assert.match(path, /\.tar$/);

    // Both boots are of the same disks: the second one shows what happens once, and what every time.
    const licences = {
      expect: /You may do everything\.[^]*Press Enter to accept the licenses\./,
      send: '\n',
    };
    const used = join(folder.path, 'used');
    await mkdir(used);
    for (const [firmware, image, dialogue] of [
      ['bios', path, [licences]],
      ['uefi', `${used}.tar`, []],
    ] as const) {
      if (firmware === 'uefi') await run('tar', ['-C', used, '-cf', image, '.']);
      const booted = await boot(
        { path: image, targetFormat: 'QCOW2', cards: 3 },
        [/CHECK-DONE \d+ ok, \d+ bad/],
        { firmware, timeoutMs: 900_000, dialogue, saveTo: join(used, 'disk.qcow2') },
      );
      const lines = booted.console.match(/CHECK (ok|BAD) .*/g) ?? [];
      for (const line of lines) t.diagnostic(`${firmware}: ${line.trim()}`);
      assert.deepEqual(
        lines.filter((line) => line.startsWith('CHECK BAD')),
        [],
      );
      const good = /CHECK-DONE (\d+) ok, 0 bad/.exec(booted.console)?.[1];
      assert.equal(Number(good), await numberOfChecks());
      if (firmware === 'uefi') assert.doesNotMatch(booted.console, /accept the licenses/);
    }
  },
);

test(
  'what a template leaves open is asked for at the first boot: root’s password and the network',
  { timeout: 900_000 },
  async () => {
    await using folder = await temporaryFolder();
    const { template, filesDir } = await exampleTemplate('minimal');
    const stack = {
      ...template.stack,
      installation: { internetSettings: 'ask', rootUser: { setPassword: false } } as const,
    };
    const { artifact } = await startBuild(
      folder.path,
      { template: { stack }, filesDir },
      { compress: false, targetFormat: { name: 'QCOW2' } },
    );
    const { path } = await artifact;
    await boot({ path, targetFormat: 'QCOW2' }, [/minimal login:/, /ADDRESS 10\.0\.2\.99\/24[^]*FAILED 0/], {
      timeoutMs: 600_000,
      dialogue: [
        { expect: /New password for root:/, send: 'one\n' },
        { expect: /Again:/, send: 'two\n' },
        { expect: /two different passwords[^]*New password for root:/, send: 'chosen\n' },
        { expect: /Again:/, send: 'chosen\n' },
        { expect: /Address with prefix/, send: '10.0.2.x\n' },
        { expect: /Gateway/, send: '\n' },
        { expect: /DNS/, send: '\n' },
        { expect: /no address[^]*Address with prefix/, send: '10.0.2.99/24\n' },
        { expect: /Gateway/, send: '10.0.2.2\n' },
        { expect: /DNS/, send: '10.0.2.3\n' },
        { expect: /login:/, send: 'root\n' },
        { expect: /Password:/, send: 'chosen\n' },
        {
          expect: /root@minimal:~#/,
          send: "sleep 3; echo ADDRESS $(ip -o -4 address show scope global | awk '{ print $4 }'); echo FAILED $(systemctl --failed --plain --no-legend | wc -l)\n",
        },
      ],
    });
  },
);

/** One line for each thing the request below overrides. */
const overridden = `#!/bin/bash
said() { echo "SAID $1: $(eval "$2" 2>&1 | xargs)"; }
said disk 'lsblk -bdno SIZE /dev/vda'
said swap "awk 'NR == 2 { print int(\\$3 / 1024) }' /proc/swaps"
said timezone 'cat /etc/timezone; date -d 2026-07-15 +%Z'
said keyboard '. /etc/default/keyboard; echo $XKBLAYOUT'
said kernel 'grep -o appliance.test=7 /proc/cmdline'
said welcome 'cat /etc/motd'
said firewall 'systemctl is-active nftables.service'
said root 'passwd --status root | cut -d" " -f2'
said user 'id -nG zoe; sudo -u zoe sudo -n id -un'
said group 'getent group crew'
said card "ip -o -4 address show dev eth0 scope global | awk '{ print \\$4 }'"
echo SAID-ALL
`;

test(
  'a request overrides memory, disk, swap, root’s login and the rest of the installation',
  { timeout: 900_000 },
  async (t) => {
    await using folder = await temporaryFolder();
    const installation = {
      ...{ diskSize: 4096, timezone: 'America/New_York', keyboard: 'us', firewall: false },
      welcomeMessage: 'from the template',
    };
    const { artifact } = await startBuild(
      folder.path,
      await smallTemplate(folder.path, {}, installation, overridden),
      {
        compress: false,
        targetFormat: { name: 'QCOW2' },
        installProfile: {
          ...{
            diskSize: 3072,
            swapSize: 160,
            timezone: 'Europe/Paris',
            keyboard: 'fr',
            firewallEnabled: true,
          },
          ...{ kernelParameters: 'appliance.test=7', welcomeMsg: 'from the request' },
          rootUser: { disablePasswordLogin: true },
          users: [{ name: 'zoe', password: 'x', sudo: 2 }],
          groups: [{ name: 'crew', groupId: '2500' }],
          nics: [
            {
              ...{ name: 'one', order: 1, ipv4Method: 'MANUAL', ipv6Method: 'DISABLED' },
              ipAddresses: [{ address: '10.0.2.77', netmask: '255.255.255.0', type: 4 }],
            },
          ],
        },
      },
    );
    const { path } = await artifact;
    const booted = await boot({ path, targetFormat: 'QCOW2' }, [/SAID-ALL/], { timeoutMs: 600_000 });
    const said = [...booted.console.matchAll(/SAID (\w+): (.*)/g)].map(
      ([, what, how]) => `${what ?? ''}: ${how?.trim() ?? ''}`,
    );
    for (const line of said) t.diagnostic(line);
    assert.deepEqual(said, [
      `disk: ${3072 * 2 ** 20}`,
      'swap: 159',
      'timezone: Europe/Paris CEST',
      'keyboard: fr',
      'kernel: appliance.test=7',
      'welcome: from the request',
      'firewall: active',
      'root: L',
      'user: zoe sudo root',
      'group: crew:x:2500:',
      'card: 10.0.2.77/24',
    ]);
  },
);

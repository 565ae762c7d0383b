import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { completeAt, hoverAt } from '../../../src/appliance/language/language.ts';
import { ourKeys, ourKeysIn, withoutKeys } from '../../../src/appliance/template/model/ourKeys.ts';
import { fieldType, isRow } from '../../../src/appliance/template/model/rows.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { marked } from './support.ts';

const file = new URL('../../appliances/settings/template.yml', import.meta.url);
const head =
  "stack:\n  name: web\n  version: '1.0'\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n  installation:\n";

/** `what is marked: message`, of a template with that installation. */
function said(installation: string): string[] {
  const text = head + installation.replace(/^(?=.)/gm, '    ');
  return parseTemplate(text, 'yaml').problems.map((each) => {
    const [, what = ''] = /«(.*)»$/.exec(marked(each, text)) ?? [];
    return `${what}: ${each.message}`;
  });
}

/** One problem, with its place. */
function refused(installation: string, expected: RegExp): void {
  const problems = said(installation);
  assert.equal(problems.length, 1, problems.join('\n'));
  assert.match(problems[0] ?? '', expected);
}

const network = (more: string): string =>
  `internetSettings: configure\nnics: [{ name: one }, { name: two, order: 2 }]\n${more}`;
const disk = (more: string): string => `partitioning: { disks: [{ name: sda, size: 2000, ${more} }] }`;

suite('the settings that UForge has no word for', () => {
  test('are right in the appliance that has all of them', async () => {
    const { problems } = parseTemplate(await readFile(file, 'utf8'), 'yaml');
    assert.deepEqual(problems, []);
  });

  test('are refused at their place, with what to write', async () => {
    const text = await readFile(file, 'utf8');
    const leaf = /-----BEGIN[^]+?END CERTIFICATE-----/.exec(text.slice(text.indexOf('leaf.pem')))?.[0] ?? '';
    const pem = leaf.replaceAll(/^ +/gm, '');
    for (const [installation, expected] of [
      [
        'hostname: Zürich',
        /^Zürich: stack\.installation\.hostname “Zürich” is no name of a machine: letters/,
      ],
      ['hostname: -web', /^-web: .*is no name of a machine/],
      [`hostname: ${'a'.repeat(64)}`, /is no name of a machine/],
      ['locale: german', /^german: .*locale “german” is no locale\. Write de_DE\.UTF-8\./],
      ['nameServers: [192.0.2.1, dns]', /^dns: .*nameServers\[1\] “dns” is no IP address/],
      ['searchDomains: [a b]', /^a b: .*“a b” is no domain/],
      ['cpus: 0', /^0: .*cpus is 0: between 1 and 255/],
      [
        'services: { enable: [nginx; reboot] }',
        /^nginx; reboot: .*enable\[0\] “nginx; reboot” is no name of a unit/,
      ],
      ['services: { enable: [-H] }', /is no name of a unit/],
      ['services: { enable: [a], mask: [a.service] }', /mask\[0\] “a\.service” is in “enable” already/],
      ['sysctl: { ip_forward: 1 }', /“ip_forward” is no parameter of the kernel/],
      ['sysctl: { vm.swappiness: [1] }', /^\[1\]: .*must be a number or a text of one line/],
      ['sysctl: { vm.swappiness: "1\\nkernel.panic = 1" }', /must be a number or a text of one line/],
      ['caCertificates: [hello]', /^hello: .*caCertificates\[0\] is no certificate in PEM/],
      ['caCertificates: ["-----BEGIN PRIVATE KEY-----"]', /has a private key/],
      [`caCertificates: [${JSON.stringify(pem)}]`, /is no certificate of an authority/],
      ['files: [{ path: etc/motd, content: x }]', /^etc\/motd: .*must be an absolute path/],
      ['files: [{ path: /etc/../root/x, content: x }]', /must be an absolute path/],
      ['files: [{ path: /etc/, content: x }]', /is a folder/],
      ['files: [{ path: /run/x, content: x }]', /would be gone when the machine has started/],
      ['files: [{ path: /a, content: x, rights: rwx }]', /“rwx” are no rights/],
      ['files: [{ path: /a, content: x, ownerGroup: "a b" }]', /is not like root:root/],
      ['files: [{ path: /a, content: x }, { path: /a, content: y }]', /files\[1\]\.path “\/a” is used twice/],
      ['files: [{ path: /a, content: "-----BEGIN PRIVATE KEY-----" }]', /has a private key, which everybody/],
      ['users: [{ name: joe, sudo: yes please }]', /must be one of password, passwordless/],
      [
        network('bonds: [{ name: b, nics: [one, tow] }]'),
        /^tow: .*“tow” is no card of “nics”\. Did you mean “two”/,
      ],
      [network('bonds: [{ name: b, nics: [] }]'), /is empty\. Name its cards/],
      [network('bonds: [{ name: b, nics: [one] }, { name: c, nics: [one] }]'), /“one” is in a bond already/],
      [network('bonds: [{ name: "a/b", nics: [one] }]'), /is no name of a network device/],
      [network('vlans: [{ id: 4095, on: one }]'), /^4095: .*between 1 and 4094/],
      [network('vlans: [{ id: 1, on: eth7 }]'), /^eth7: .*neither a card of “nics” nor a bond/],
      [
        network('bonds: [{ name: b, nics: [one] }]\nvlans: [{ id: 1, on: one }]'),
        /is in a bond: name the bond/,
      ],
      [
        network('vlans: [{ id: 1, on: one, name: x }, { id: 2, on: two, name: x }]'),
        /two bonds or VLANs called “x”/,
      ],
      [network('vlans: [{ id: 1, on: one, ipv4: static }]'), /is static, but “ipAddresses” has no IPv4/],
      ['nics: [{ routes: [{ to: 10.0.0.0/33 }] }]', /“10\.0\.0\.0\/33” is no network/],
      ['nics: [{ routes: [{ to: "10.0.0.0/8/\\n[Network]\\nDNS=192.0.2.1" }] }]', /is no network/],
      ['nics: [{ routes: [{ to: "10.0.0.0/8\\n" }] }]', /is no network/],
      ['nics: [{ routes: [{ to: 10.0.0.0/8, via: "fd00::1" }] }]', /“fd00::1” is no IPv4 address/],
      [
        disk('type: gpt, partitions: [{ number: 128, size: 64, fstype: ext4, mountPoint: / }]'),
        /between 1 and 127/,
      ],
      [
        disk('partitions: [{ number: 1, size: 64, fstype: ext4, mountPoint: /, mountOptions: a b }]'),
        /are no options/,
      ],
    ] as const) {
      refused(installation, expected);
    }
    const basic = said('internetSettings: basic\nbonds: [{ name: b, nics: [one] }]').join('\n');
    assert.match(basic, /bonds are for internetSettings “configure”/);
  });

  test('a GPT disk has more than four partitions, and none that is Extended', () => {
    const partition = (number: number, fstype = 'ext4'): string =>
      `{ number: ${number}, size: 64, fstype: ${fstype}${number === 1 ? ', mountPoint: /' : ''} }`;
    const five = [1, 2, 3, 4, 5].map((number) => partition(number)).join(', ');
    assert.deepEqual(said(disk(`type: gpt, partitions: [${five}]`)), []);
    refused(
      disk(`type: gpt, partitions: [${partition(1)}, ${partition(2, 'Extended')}]`),
      /^Extended: .*is for disks of type msdos/,
    );
    assert.match(said(disk(`partitions: [${five}]`)).join('\n'), /or give the disk the type gpt/);
  });

  test('are completed, and explained when pointed at', () => {
    const text = `${head}    hostn`;
    const offered = completeAt('template', text, text.length).map(({ label }) => label);
    for (const key of ['hostname', 'services', 'vlans', 'files', 'sysctl'])
      assert.ok(offered.includes(key), key);
    const hovered = `${head}    services:\n      mask: [a]\n`;
    const hover = hoverAt('template', hovered, hovered.indexOf('mask') + 1);
    assert.match(hover?.text ?? '', /can’t be started at all/);
  });
});

suite('keys of ours', () => {
  test('are all in the language, in the order of the alphabet', () => {
    assert.deepEqual(ourKeys, ourKeys.toSorted());
    for (const name of ourKeys) {
      const [row = '', key = ''] = name.replace(/=.*/, '').split('.');
      assert.ok(isRow(row) && fieldType(row, key) !== undefined, name);
    }
  });

  test('are found where they are, and what is left without them is a template with none', async () => {
    const { template } = parseTemplate(await readFile(file, 'utf8'), 'yaml');
    assert.ok(template);
    const found = ourKeysIn(template);
    const names = new Set(found.map(({ name }) => name));
    const here = ourKeys.filter((name) => /^(Disk|Installation|Nic)\.|\.(mountOptions|sudo)$/.test(name));
    assert.deepEqual(
      [...names].sort(),
      here.filter((name) => name !== 'Installation.cloudInit'),
    );
    assert.ok(found.some(({ path }) => path.join('.') === 'stack.installation.nics.0.routes'));
    const rest = withoutKeys(template, found);
    assert.deepEqual(ourKeysIn(rest), []);
    assert.deepEqual(
      rest.stack.installation?.nics?.map(({ name }) => name),
      ['one', 'two', 'three'],
    );
    const [sda] = rest.stack.installation.partitioning?.disks ?? [];
    assert.deepEqual(
      { ...sda, partitions: sda?.partitions?.length },
      { name: 'sda', size: 2048, partitions: 6 },
    );
  });
});

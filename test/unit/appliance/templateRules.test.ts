import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { prefixLength } from '../../../src/appliance/template/rules/network.ts';
import { formatProblem } from '../../../src/appliance/text/problem.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { parseUpdateTo } from '../../../src/appliance/template/rules/templateRules.ts';

const head =
  "stack:\n  name: web\n  version: '1.0'\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n";

/** `line: severity: message` of everything a template's text is refused or warned for. */
function said(text: string): string[] {
  return parseTemplate(head + text, 'yaml').problems.map((problem) => {
    const [line = '', , severity = '', ...rest] = formatProblem(problem, '').split(':');
    return `${line}:${severity}:${rest.join(':')}`;
  });
}

/** Each expectation is a part of the message at that place of the list; nothing more and nothing less is said. */
function refuses(text: string, expected: readonly RegExp[]): void {
  const problems = said(text);
  const all = problems.join('\n');
  assert.equal(problems.length, expected.length, all);
  expected.forEach((pattern, index) => assert.match(problems[index] ?? '', pattern, all));
}

suite('a partitioning', () => {
  test('of hammr’s documentation is right, but for having nothing at /', () => {
    const disks = `  installation:
    partitioning:
      disks:
        - name: sda
          type: msdos
          size: 12288
          partitions:
            - { number: 1, fstype: ext3, mountPoint: /boot, size: 1024 }
            - { number: 2, fstype: linux-swap, size: 1024 }
            - number: 3
              fstype: extended
              size: 64
              grow: true
              partitions:
                - { number: 5, fstype: lvm2, size: 5120 }
                - { number: 6, fstype: lvm2, size: 5120 }
        - { name: sdb, type: lvm, size: 122880 }
      volumeGroups:
        - { name: grp1, physicalVolumes: [{ name: sda5 }, { name: sda6 }, { name: sdb }] }
      logicalVolumes:
        - { name: vol1, vg_name: grp1, fstype: ext3, mountPoint: /home, size: 4098 }
        - { name: vol2, vg_name: grp1, fstype: ext3, mountPoint: /space, size: 64, grow: true }
`;
    refuses(disks, [/^7: warning: stack\.installation\.partitioning has nothing that is mounted at “\/”/]);
  });

  test('is told all that is wrong with it at once, each with path and line', () => {
    const disks = `  installation:
    partitioning:
      disks:
        - name: sda
          size: 1000
          partitions:
            - { number: 1, fstype: ext4, size: 800, mountPoint: / }
            - { number: 1, fstype: ext4, size: 300, mountPoint: data }
            - { number: 7, fstype: swap, size: 64, mountPoint: /swap }
            - number: 4
              fstype: Extended
              size: 64
              label: x
              partitions:
                - { number: 2, fstype: ext4, size: 32, mountPoint: / }
        - { name: sda, size: 100 }
      volumeGroups: [{ name: vg0, physicalVolumes: [{ name: sda1 }] }]
      logicalVolumes: [{ name: a, vg_name: vg1, size: 10 }]
`;
    const at = 'stack\\.installation\\.partitioning';
    refuses(disks, [
      new RegExp(`^11: error: ${at}\\.disks\\[0\\]\\.partitions are 1228 MB together, more than the 1000 MB`),
      new RegExp(`^12: error: ${at}\\.disks\\[0\\]\\.partitions\\[1\\]\\.number 1 is used twice on sda`),
      new RegExp(`^12: error: ${at}\\.disks\\[0\\]\\.partitions\\[1\\]\\.mountPoint “data” must be`),
      /^13: error: .*partitions\[2\]\.number is 7: primary partitions have the numbers 1 to 4/,
      /^13: error: .*partitions\[2\]\.mountPoint can’t be given for swap/,
      /^17: error: .*partitions\[3\]\.label can’t be given for an Extended partition/,
      /^19: error: .*partitions\[3\]\.partitions\[0\]\.number is 2: logical partitions are numbered from 5/,
      /^19: error: .*partitions\[0\]\.size is 32: a partition has at least 64 MB/,
      /^19: error: .*partitions\[0\]\.mountPoint “\/” is used twice/,
      /^20: error: .*disks\[1\]\.name “sda” is used twice/,
      /^21: warning: .*volumeGroups\[0\] has no logical volume/,
      /^21: error: .*physicalVolumes\[0\]\.name “sda1” is no partition with the fstype lvm2/,
      /^22: error: .*logicalVolumes\[0\]\.vg_name “vg1” is no volume group\. Did you mean “vg0”/,
    ]);
  });
});

suite('network cards', () => {
  test('of hammr’s documentation are right', () => {
    const nics = `  installation:
    internetSettings: configure
    nics:
      - { name: nic_1, type: ETHERNET, order: 1, autoConnect: 'true', ipv4: dhcp, ipv6: disabled }
      - name: nic_2
        type: ETHERNET
        order: 2
        ipv4: static
        ipv6: disabled
        ipAddresses:
          - { version: 4, address: 10.0.0.111, netmask: 255.255.255.0, gateway: 10.0.0.1 }
`;
    refuses(nics, []);
  });

  test('that can’t work are named', () => {
    const nics = `  installation:
    internetSettings: configure
    nics:
      - { order: 1, ipv4: static }
      - { order: 1, type: TOKENRING, ipv4: dhcp, ipAddresses: [{ address: 10.0.0.1, netmask: 255.0.255.0 }] }
      - ipv6: static
        ipAddresses:
          - { version: 4, address: '2001:db8::1', netmask: '64', gateway: 10.0.0.1 }
          - { address: 10.0.0.300, netmask: '24' }
`;
    refuses(nics, [
      /^8: error: .*nics\[0\]\.ipv4 is static, but “ipAddresses” has no IPv4 address/,
      /^9: error: .*nics\[1\]\.order 1 is used twice/,
      /^9: error: .*nics\[1\]\.type “TOKENRING” must be ETHERNET/,
      /^9: warning: .*nics\[1\]\.ipAddresses has an IPv4 address, which is used with “ipv4: static” only/,
      /^9: error: .*netmask “255\.0\.255\.0” is no mask of an IPv4 network/,
      /^12: error: .*version is 4, but 2001:db8::1 is an IPv6 address/,
      /^12: error: .*gateway “10\.0\.0\.1” is no IPv6 address/,
      /^13: error: .*address “10\.0\.0\.300” is no IP address/,
    ]);
    refuses('  installation: { internetSettings: configure }\n', [
      /internetSettings is configure, but there are no/,
    ]);
  });

  test('have masks in three ways', () => {
    assert.equal(prefixLength('255.255.240.0', '10.0.0.1'), 20);
    assert.equal(prefixLength('24', '10.0.0.1'), 24);
    assert.equal(prefixLength('/64', '2001:db8::1'), 64);
    assert.equal(prefixLength('ffff:ffff:ffff:ffff::', '2001:db8::1'), 64);
    assert.equal(prefixLength('0.0.0.0', '10.0.0.1'), 0);
    assert.equal(prefixLength('33', '10.0.0.1'), undefined);
    assert.equal(prefixLength('255.255.255.0', '2001:db8::1'), undefined);
  });
});

suite('accounts', () => {
  test('of hammr’s documentation are right', () => {
    const users = `  installation:
    rootUser: { password: welcome-not-a-good-password, disablePasswordLogin: true }
    groups: [{ name: nginx, groupId: 1033 }, { name: mongoDb, systemGroup: true, groupId: 245 }]
    users:
      - { name: joris, fullName: joris, userId: 2222, primaryGroup: joris, secondaryGroups: 'dev,france', homeDir: /home/joris, shell: /bin/bash }
      - { name: yann, fullName: yann dorcet, systemUser: true, userId: 400, homeDir: /home/ydorcet, shell: /sbin/nologin }
`;
    refuses(users, []);
  });

  test('that can’t be made are named', () => {
    const users = `  installation:
    rootUser: { setPassword: true, password: secret, encrypted: true, sshKeys: [{ publicKey: '-----BEGIN OPENSSH PRIVATE KEY-----' }] }
    groups: [{ name: 'a b' }, { name: g, groupId: 5 }]
    users:
      - { name: root, homeDir: home, shell: '/bin/sh; rm' }
      - { name: joe, password: "a\\nb", secondaryGroups: 'sudo, x:y' }
      - { name: joe, homeDirectory: /home/joe }
`;
    refuses(users, [
      /^6: error: .*rootUser\.password is no crypt\(3\) hash/,
      /^6: error: .*publicKey is a private key/,
      /^7: error: .*groups\[0\]\.name “a b” is no name/,
      /^7: warning: .*groups\[1\]\.groupId is 5: 1000 or more/,
      /^9: error: .*users\[0\]\.name is root/,
      /^9: error: .*homeDir “home” must be an absolute path/,
      /^9: error: .*shell “\/bin\/sh; rm” must be an absolute path/,
      /^10: error: .*password contains a line break/,
      /^10: error: .*secondaryGroups “x:y” is no name/,
      /^11: error: .*users\[2\]\.name “joe” is used twice/,
      /^11: warning: “homeDirectory” is not a key of stack\.installation\.users\[2\]/,
    ]);
  });
});

suite('bundles', () => {
  test('are told what hammr refuses, and more', () => {
    const bundles = `  bundles:
    - name: b
      version: '1'
      destination: opt
      restrictionRule: Distribution#colour=red
      files:
        - { name: a, source: a, bootOrder: 1 }
        - { name: b, source: b, tag: ospkg, rights: '755' }
        - { name: c, source: c, rights: rwx, ownerGroup: 'a b', symlink: /x/../y, md5sum: '12' }
        - { name: d, source: d, install: true, extract: true }
        - { name: e, source: e, files: [{ name: f, source: f, tag: bootscript, bootType: firstboot }] }
`;
    refuses(bundles, [
      /^8: error: stack\.bundles\[0\]\.destination “opt” must be an absolute path/,
      /^9: error: .*restrictionRule is no rule\. At character 1, Distribution has no “colour”/,
      /^11: error: .*files\[0\]\.bootOrder is for files with the tag bootscript only/,
      /^12: error: .*files\[1\]\.rights is for files with the tag softwarefile only/,
      /^13: error: .*files\[2\]\.rights “rwx” are no rights/,
      /^13: error: .*files\[2\]\.ownerGroup “a b” is not like root:root/,
      /^13: error: .*files\[2\]\.symlink “\/x\/\.\.\/y” must be an absolute path/,
      /^13: error: .*files\[2\]\.md5sum must be 32 hexadecimal digits/,
      /^14: error: .*files\[3\] can’t have both “install” and “extract”/,
      /^15: error: .*files\[4\]\.files\[0\]\.tag is bootscript, which only files at the top/,
    ]);
  });

  test('two files at one place in the image are told: the later one would be all that is left', () => {
    const bundles = `  bundles:
    - name: one
      version: '1'
      files:
        - { name: conf/app.conf, source: a, destination: /etc }
        - { name: other/app.conf, source: b, destination: /etc/ }
        - { name: tree, source: tree, files: [{ name: x, source: tree/x }] }
        - { name: tree, source: tree }
        - { name: x.deb, source: x.deb, destination: /etc }
        - { name: y.tar, source: y.tar, extract: true, destination: /etc/app.conf }
    - name: two
      version: '1'
      files: [{ name: x, source: z, destination: /opt/one/tree }]
    - name: other
      version: '1'
      restrictionRule: Distribution#version=13
      files: [{ name: x, source: z13, destination: /opt/one/tree }]
`;
    refuses(bundles, [
      /^10: warning: .*bundles\[0\]\.files\[1\]\.name is \/etc\/app\.conf in the image, as stack\.bundles\[0\]\.files\[0\] is/,
      /^17: warning: .*bundles\[1\]\.files\[0\]\.name is \/opt\/one\/tree\/x in the image, as stack\.bundles\[0\]\.files\[2\]\.files\[0\]/,
    ]);
  });
});

test('updateTo is a date, or a date with a time and a zone', () => {
  const iso = (text: string): string | undefined => parseUpdateTo(text)?.toISOString();
  assert.equal(iso('2014-05-14'), '2014-05-14T00:00:00.000Z');
  assert.equal(iso('2014-05-14 09:30 UTC'), '2014-05-14T09:30:00.000Z');
  assert.equal(iso('2014-05-14T9:30:15+0200'), '2014-05-14T07:30:15.000Z');
  for (const wrong of ['2014-02-31', '14 May 2014', '2014-05-14 25:00', 'tomorrow', '']) {
    assert.equal(iso(wrong), undefined, wrong);
  }
});

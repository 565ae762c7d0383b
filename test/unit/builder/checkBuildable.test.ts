import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { targetFormats as knownFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { keyboards } from '../../../src/appliance/catalog/keyboards.ts';
import { targetFormats } from '../../../src/builder/index.ts';
import { xkbOf } from '../../../src/builder/root/keyboard.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { checkBuildable } from '../../support/plans.ts';

function template(
  rest = '',
  os = "{ name: Debian, version: '12', arch: x86_64, profile: Minimal }",
): Template {
  const text = `stack:\n  name: web\n  version: '1.0'\n  os: ${os}\n${rest}`;
  const parsed = parseTemplate(text, 'yaml');
  assert.ok(parsed.template, parsed.problems.map((problem) => problem.message).join('\n'));
  return parsed.template;
}

/** Nothing is left open. */
const complete =
  '  installation: { rootUser: { setPassword: true, password: x }, keyboard: us, timezone: Etc/UTC, firewall: false }\n';
const password = '  installation: { rootUser: { setPassword: true, password: x } }\n';
const qcow2: Image = { targetFormat: { name: 'QCOW2' } };

suite('what the local forge can build', () => {
  test('a plain Debian with a root password in each of its formats', () => {
    assert.deepEqual(
      targetFormats.map((format) => format.name).toSorted(),
      knownFormats.map((format) => format.name).toSorted(),
    );
    for (const { name, entrypoint } of knownFormats) {
      const image = {
        ...{ targetFormat: { name }, compress: true, installProfile: { memorySize: 512 } },
        ...(entrypoint === true && { entrypoint: '["/bin/sh"]' }),
      };
      assert.deepEqual(checkBuildable({ template: template(complete), image }), {
        problems: [],
        warnings: [],
      });
    }
  });

  test('what needs a boot is refused where nothing boots, and a machine where none is described', () => {
    const more =
      'hostname: web, cpus: 2, sysctl: { vm.swappiness: 7 }, services: { enable: [cron] }, locale: de_DE.UTF-8 }';
    const check = (name: string): ReturnType<typeof checkBuildable> =>
      checkBuildable({
        template: template(complete.replace(' }\n', `, ${more}\n`)),
        image: { targetFormat: { name }, ...(name === 'Docker' && { entrypoint: '["/bin/sh"]' }) },
      });
    const docker = check('Docker');
    assert.deepEqual(docker.problems, [
      "stack.installation.services can't be in Docker: nothing boots in it, only its entrypoint is started",
      "stack.installation.sysctl can't be in Docker: nothing boots in it, only its entrypoint is started",
    ]);
    assert.deepEqual(docker.warnings, [
      'stack.installation.hostname is not used: whoever starts the container gives it a name',
      'stack.installation.cpus is not used: Docker does not describe a machine',
    ]);
    assert.deepEqual(check('KVM'), { problems: [], warnings: [] });
    assert.deepEqual(check('QCOW2').warnings, [
      'stack.installation.cpus is not used: QCOW2 does not describe a machine',
    ]);
  });

  test('fixed addresses without a DNS server are warned of', () => {
    const check = (more: string): string[] => {
      const nics =
        "nics: [{ ipv4: static, ipv6: disabled, ipAddresses: [{ address: 192.0.2.7, netmask: '24' }] }]";
      const rest = complete.replace(' }\n', `, ${nics}${more} }\n`);
      return checkBuildable({ template: template(rest), image: qcow2 }).warnings;
    };
    assert.deepEqual(check(''), [
      'stack.installation.nics have fixed addresses only: names are not found without stack.installation.nameServers',
    ]);
    assert.deepEqual(check(', nameServers: [192.0.2.53]'), []);
  });

  test('so are those of a bond, whose cards have no addresses', () => {
    const check = (more: string): string[] => {
      const bond = 'name: bond0, nics: [one, two], ipv4: static, ipv6: disabled';
      const bonds = `bonds: [{ ${bond}, ipAddresses: [{ address: 192.0.2.7, netmask: '24' }] }]`;
      const nics = `internetSettings: configure, nics: [{ name: one }, { name: two }${more}]`;
      const rest = complete.replace(' }\n', `, ${nics}, ${bonds} }\n`);
      return checkBuildable({ template: template(rest), image: qcow2 }).warnings;
    };
    assert.deepEqual(check(''), [
      'stack.installation.bonds have fixed addresses only: names are not found without stack.installation.nameServers',
    ]);
    assert.deepEqual(check(', { name: three }'), [], 'which asks by DHCP');
  });

  test('a name that becomes another one as a host name is said, until a host name is given', () => {
    const named = (rest: string): string[] => {
      const { stack } = template(rest);
      return checkBuildable({ template: { stack: { ...stack, name: '日本' } }, image: qcow2 }).warnings;
    };
    assert.match(
      named(complete).join(),
      /^stack\.name “日本” has letters a host name has not: the machine is appliance-/,
    );
    assert.deepEqual(named(complete.replace(' }\n', ', hostname: nihon }\n')), []);
  });

  test('another target format is refused with the known ones', () => {
    const { problems } = checkBuildable({
      template: template(password),
      image: { targetFormat: { name: 'Abacus' } },
    });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? '', /^targetFormat “Abacus”; the local forge builds VirtualBox, QCOW2, /);
  });

  test('a container needs the command it starts, and nothing else may have one', () => {
    const docker = { targetFormat: { name: 'Docker' } };
    const check = (image: Image): string[] =>
      checkBuildable({ template: template(password), image }).problems;
    assert.match(check(docker)[0] ?? '', /entrypoint is missing/);
    assert.deepEqual(check({ ...docker, entrypoint: '["/bin/sh"]' }), []);
    assert.match(
      check({ ...qcow2, entrypoint: '["/bin/sh"]' })[0] ?? '',
      /for Docker and OpenShift: what starts from QCOW2 is a whole system/,
    );
  });

  test('what a format is for is said of no other', () => {
    const warningsOf = (image: Image): string =>
      checkBuildable({ template: template(password), image }).warnings.join('\n');
    const aws = { targetFormat: { name: 'Amazon AWS' }, ebs: true };
    assert.doesNotMatch(warningsOf(aws), /ebs/);
    assert.match(warningsOf({ ...qcow2, ebs: true }), /ebs is for Amazon AWS only/);
    const ova = { targetFormat: { name: 'OVF or OVA' } };
    const problemsOf = (hwType: string): readonly string[] =>
      checkBuildable({ template: template(password), image: { ...ova, installProfile: { hwType } } })
        .problems;
    assert.deepEqual(problemsOf('7 (ESXi>4.x)'), []);
    assert.match(
      problemsOf('9"/><x')[0] ?? '',
      /^hwType “9"\/><x” is no version of VMware's virtual hardware/,
    );
  });

  test('another distribution, release or architecture is refused', () => {
    for (const os of [
      "{ name: Ubuntu, version: '12', arch: x86_64 }",
      "{ name: Debian, version: '10', arch: x86_64 }",
      "{ name: Debian, version: '14', arch: x86_64 }",
      '{ name: Debian, version: sid, arch: x86_64 }',
      "{ name: Debian, version: '12', arch: i386 }",
    ]) {
      const { problems } = checkBuildable({ template: template(password, os), image: qcow2 });
      assert.equal(problems.length, 1, os);
      assert.match(problems[0] ?? '', /Debian 11, Debian 12 and Debian 13 for x86_64/);
    }
  });

  test('what Debian has not released is refused with that reason', () => {
    for (const version of ['14', 'forky', 'sid']) {
      const os = `{ name: Debian, version: '${version}', arch: x86_64 }`;
      const { problems } = checkBuildable({ template: template(password, os), image: qcow2 });
      assert.match(problems[0] ?? '', /which is not released and another one every day/, version);
    }
  });

  test('everything that would make a wrong image is named, with its place', () => {
    const rest = `  installation:
    rootUser: { password: x }
    partitioning:
      disks:
        - name: sda
          size: 9000
          partitions:
            - { number: 1, fstype: ntfs, size: 1000, mountPoint: / }
            - { number: 2, fstype: lvm2, size: 1000 }
            - { number: 3, fstype: xfs, size: 100, mountPoint: /etc }
      volumeGroups: [{ name: vg0, physicalVolumes: [{ name: sda2 }] }]
      logicalVolumes: [{ name: a, vg_name: vg0, fstype: ext4, size: 100, mountPoint: /a }]
    seLinuxMode: enforcing
    keyboard: klingon
    kernelParams: ['a"b']
  bundles:
    - name: b
      version: '1'
      files: [{ name: f, source: 'https://example.com/f' }, { name: g, source: g.rpm }]
`;
    const { problems } = checkBuildable({
      template: template(
        rest,
        "{ name: Debian, version: '12', arch: x86_64, profile: Desktop, updateTo: 2016-01-01 }",
      ),
      image: qcow2,
      placeOf: (path) => `template.yml:${path.length}: `,
    });
    const at = 'stack.installation';
    assert.deepEqual(
      problems.map((problem) => problem.replace(/^template\.yml:\d+: (\S+) .*/, '$1')),
      [
        'stack.os.profile',
        `${at}.seLinuxMode`,
        `${at}.keyboard`,
        `${at}.kernelParams[0]`,
        `${at}.partitioning.volumeGroups`,
        `${at}.partitioning.logicalVolumes`,
        `${at}.partitioning.disks[0].partitions[0].fstype`,
        `${at}.partitioning.disks[0].partitions[1].fstype`,
        `${at}.partitioning.disks[0].partitions[2].size`,
        `${at}.partitioning.disks[0].partitions[2].mountPoint`,
        'stack.bundles[0].files[0].source',
        'stack.bundles[0].files[1].source',
      ],
    );
    assert.match(problems.join('\n'), /LVM, which the local forge does not build/);
  });

  test('a bundle that is for other images is a warning', () => {
    const rest = `${complete}  bundles:
    - { name: b, version: '1', restrictionRule: TargetFormat#type=cloud, files: [{ name: f, source: f }] }
`;
    const check = (name: string): string[] =>
      checkBuildable({ template: template(rest), image: { targetFormat: { name } } }).warnings;
    assert.deepEqual(check('QCOW2'), [
      'stack.bundles[0] “b 1” is left out of this image: it is only for TargetFormat#type=cloud',
    ]);
  });

  test('package names that are options or patterns for apt are refused', () => {
    for (const name of ['--purge', '?essential', 'a b', 'nginx/sid', '$(id)', './x.deb']) {
      const os = `{ name: Debian, version: '12', arch: amd64, pkgs: [{ name: ${JSON.stringify(name)} }] }`;
      const { problems } = checkBuildable({ template: template(password, os), image: qcow2 });
      assert.equal(problems.length, 1, name);
    }
    const os = "{ name: Debian, version: '12', arch: amd64, pkgs: [{ name: nginx, version: '1 --x' }] }";
    assert.match(
      checkBuildable({ template: template(password, os), image: qcow2 }).problems[0] ?? '',
      /1 --x/,
    );
  });

  test('so are those that files of a bundle stand for, whatever escapes are in them', () => {
    for (const name of [
      '../etc/x.deb',
      'a b',
      '*',
      'nginx_1%zz_amd64.deb',
      'nginx_1%20--x_amd64.deb',
      '--purge',
    ]) {
      const file = `{ name: ${JSON.stringify(name)}, source: x, tag: ospkg }`;
      const bundles = `  bundles: [{ name: b, version: '1', files: [${file}] }]\n`;
      const read = parseTemplate(
        `stack:\n  name: web\n  version: '1.0'\n  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }\n${complete}${bundles}`,
        'yaml',
      );
      const problems =
        read.template === undefined
          ? read.problems.map(({ message }) => message)
          : checkBuildable({ template: read.template, image: qcow2 }).problems;
      assert.match(problems.join('\n'), /files\[0\]\.name /, name);
    }
    const good = `  bundles: [{ name: b, version: '1', files: [{ name: nginx_1%3a1.22-9_amd64.deb, source: x, tag: ospkg }] }]\n`;
    assert.deepEqual(checkBuildable({ template: template(complete + good), image: qcow2 }).problems, []);
  });

  test('what UForge would ask for at the first boot is a warning that says what is taken instead', () => {
    const warnings = (rest: string, image: Image = qcow2): string[] =>
      checkBuildable({ template: template(rest), image }).warnings;
    const open = 'stack.installation leaves open what UForge asks for at the first boot';
    assert.match(
      warnings(password)[0] ?? '',
      new RegExp(`^${open}.*keyboard: us, timezone: Etc/UTC, firewall: false$`),
    );
    const profile = { timezone: 'Europe/Paris', firewallEnabled: true };
    const some = warnings(password, { ...qcow2, installProfile: profile });
    assert.match(some[0] ?? '', new RegExp(`^${open}.*with keyboard: us$`));
    assert.deepEqual(warnings(complete), []);
    const asked = warnings(complete, { ...qcow2, installProfile: { keyboardAuto: false } });
    assert.match(asked[0] ?? '', new RegExp(`^${open}.*with keyboard: us$`));
    const docker = { targetFormat: { name: 'Docker' }, entrypoint: '/bin/sh' };
    assert.deepEqual(warnings(password, docker), []);
  });

  test('every keyboard of the schema, and of the documentation, is one that Debian knows', () => {
    for (const keyboard of [
      ...keyboards,
      'slovene',
      'sr-latin',
      'bg_bds-utf8',
      'bg_pho-utf8',
      'fr_CH',
      'fr_CH-latin1',
    ]) {
      assert.ok(xkbOf(keyboard) !== undefined, keyboard);
    }
    assert.deepEqual(xkbOf('fr_CH'), { layout: 'ch', variant: 'fr' });
    assert.equal(xkbOf('klingon'), undefined);
  });

  test('every keyboard is a layout and a variant that the list of XKB has', async (t) => {
    const list = '/usr/share/X11/xkb/rules/base.lst';
    if (!existsSync(list)) {
      t.skip('there is no xkb-data here');
      return;
    }
    const known = new Set(
      Array.from((await readFile(list, 'utf8')).matchAll(/^ {2}(\S+) +(?:([\w-]+): )?/gm), ([, name, of]) =>
        of === undefined ? name : `${of} ${name}`,
      ),
    );
    const unknown = keyboards.filter((keyboard) => {
      const { layout = '', variant = '' } = xkbOf(keyboard) ?? {};
      return !known.has(variant === '' ? layout : `${layout} ${variant}`);
    });
    assert.deepEqual(unknown, []);
  });

  test('what is harmless is a warning', () => {
    const rest = '  installation: { rootUser: { disablePasswordLogin: true } }\n';
    const { problems, warnings } = checkBuildable({
      template: template(rest),
      image: { ...qcow2, installProfile: { hwType: '7' } },
    });
    assert.deepEqual(problems, []);
    assert.match(warnings.join('\n'), /nobody can log in[^]*hwType/);
    assert.equal(warnings.length, 3);
  });

  test("the request's install profile keeps the same rules, and what it can't have is named", () => {
    const { problems } = checkBuildable({
      template: template(password),
      image: {
        ...qcow2,
        installProfile: {
          users: [{ name: 'a b' }],
          nics: [{ order: 1, ipv4Method: 'MANUAL' }],
          partitionTable: {
            disks: [{ name: 'sda', size: 4000, partitions: [{ fstype: 'ext4', size: 4001 }] }],
          },
          timezone: 'Mars/Olympus',
          kernelParameters: 'quiet "x"',
          partitionAuto: false,
          activationKey: 'k',
        },
      },
    });
    for (const part of [
      'installProfile.users[0].name “a b”',
      'installProfile.nics[0].ipv4 is static',
      'installProfile.partitionTable.disks[0].partitions are 4001 MB',
      'installProfile.timezone “Mars/Olympus”',
      'installProfile.kernelParameters[1]',
      'installProfile/partitionAuto',
      'installProfile/activationKey',
      'installProfile.partitionTable has nothing that is mounted at “/”',
    ]) {
      assert.ok(
        problems.some((problem) => problem.startsWith(part)),
        `${part}\n${problems.join('\n')}`,
      );
    }
    assert.equal(problems.length, 8, problems.join('\n'));
  });

  test('sizes that make no sense are refused', () => {
    const sizes = { diskSize: 1024, swapSize: 2048, memorySize: 16 };
    const { problems } = checkBuildable({
      template: template(password),
      image: { ...qcow2, installProfile: sizes },
    });
    assert.match(problems.join('\n'), /swapSize 2048[^]*memorySize 16/);
    const small = checkBuildable({
      template: template(password),
      image: { ...qcow2, installProfile: { diskSize: 5n } },
    });
    assert.match(small.problems.join('\n'), /diskSize 5 MB/);
  });
});

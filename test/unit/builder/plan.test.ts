import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { verify } from 'unixcrypt';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { debianReleases } from '../../../src/appliance/catalog/debianReleases.ts';
import { systemPackages } from '../../../src/builder/plan/systems.ts';
import { hostnameOf } from '../../../src/builder/plan/settings.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import type { PlannedRoot } from '../../../src/builder/plan/accounts.ts';
import type { PlannedPartition } from '../../../src/builder/plan/disks.ts';
import { bootScriptFiles } from '../../../src/builder/root/bootScripts.ts';
import { hashPasswords } from '../../../src/builder/plan/passwords.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { planBuild } from '../../support/plans.ts';
import { anyString } from '../uforge/properties.ts';

const template: Template = {
  stack: {
    name: 'Web Server',
    version: '1.0',
    os: {
      name: 'Debian',
      version: '12',
      arch: 'x86_64',
      pkgs: [{ name: 'nginx', version: '1.22.1', release: '9' }, { name: 'hello' }],
    },
    installation: {
      diskSize: 4000,
      rootUser: { password: 'from the template', sshKeys: [{ publicKey: 'ssh-ed25519 A' }] },
    },
  },
  builders: [{ type: 'VirtualBox', hardwareSettings: { memory: 2048 }, installation: { swapSize: 256 } }],
};

function plan(image: Image, environment: NodeJS.ProcessEnv = {}): Promise<Plan> {
  const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
  return planBuild({ template, image, revision: 3, ...paths }, environment);
}

const partitionOf = (made: Plan, fileSystem: string): PlannedPartition | undefined =>
  made.disks[0]?.partitions.find((partition) => partition.fileSystem === fileSystem);
const sizeOf = (made: Plan, fileSystem: string): number | undefined => partitionOf(made, fileSystem)?.size;

suite('the plan of a build', () => {
  test('docker.io brings the client that Debian 13 has made a package of its own', async () => {
    const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
    const names = async (version: string, ...pkgs: readonly string[]): Promise<readonly string[]> => {
      const os = { ...template.stack.os, version, pkgs: pkgs.map((name) => ({ name })) };
      const asked = { ...template, stack: { ...template.stack, os } };
      const image = { targetFormat: { name: 'QCOW2' } };
      return (await planBuild({ template: asked, image, revision: 1, ...paths }, {})).packages.map(
        ({ name }) => name,
      );
    };
    assert.deepEqual(await names('12', 'docker.io'), ['docker.io']);
    assert.deepEqual(await names('13', 'docker.io'), ['docker.io', 'docker-cli']);
    assert.deepEqual(await names('13', 'docker-cli', 'docker.io'), ['docker-cli', 'docker.io']);
  });

  test("sizes: the request's, else the builder's, else the template's, else ours", async () => {
    const asked = await plan({
      targetFormat: { name: 'VirtualBox' },
      installProfile: { memorySize: 512, diskSize: 5000 },
    });
    assert.deepEqual(
      [asked.memorySize, asked.disks[0]?.size, sizeOf(asked, 'swap')],
      [512, 5000 * 2 ** 20, 256 * 2 ** 20],
    );
    const builder = await plan({ targetFormat: { name: 'VirtualBox' } });
    assert.deepEqual([builder.memorySize, builder.disks[0]?.size], [2048, 4000 * 2 ** 20]);
    const ours = await plan({ targetFormat: { name: 'QCOW2' } });
    assert.deepEqual([ours.memorySize, sizeOf(ours, 'swap')], [1024, undefined]);
  });

  test('a release joins the version, as Debian writes it', async () => {
    assert.deepEqual((await plan({ targetFormat: { name: 'QCOW2' } })).packages, [
      { name: 'nginx', version: '1.22.1-9' },
      { name: 'hello' },
    ]);
  });

  test("the request's root user wins; a locked one has no password, and none stays readable", async () => {
    const rootOf = async (rootUser: object): Promise<PlannedRoot> =>
      (await plan({ targetFormat: { name: 'QCOW2' }, installProfile: { rootUser } })).accounts.root;
    const asked = await rootOf({ password: 'asked' });
    assert.ok(verify('asked', asked.passwordHash ?? ''));
    assert.deepEqual(asked.sshKeys, ['ssh-ed25519 A']);
    const [hash] = await hashPasswords([{ password: 'x', whose: ['seed'] }]);
    assert.equal((await rootOf({ password: hash, encrypted: true })).passwordHash, hash);
    assert.equal((await rootOf({ disablePasswordLogin: true })).passwordHash, undefined);
    const whole = JSON.stringify(await plan({ targetFormat: { name: 'QCOW2' } }));
    assert.ok(!whole.includes('from the template'));
  });

  test('the rest of the request’s install profile goes over the template’s, what it does not say stays', async () => {
    const asked = await plan({
      targetFormat: { name: 'QCOW2' },
      installProfile: {
        timezone: 'Europe/Paris',
        keyboard: 'fr',
        kernelParameters: 'quiet,appliance.test=7',
        welcomeMsg: 'Bonjour',
        firewallEnabled: true,
        users: [{ name: 'zoe', password: 'secret', sudo: 2 }],
        groups: [{ name: 'crew', groupId: '2500' }],
        nics: [{ name: 'one', order: 1, ipv4Method: 'DISABLED', ipv6Method: 'AUTO' }],
        partitionTable: {
          disks: [
            {
              ...{ name: 'sda', size: 4000, partitionType: 'msdos' },
              partitions: [{ name: 'sda1', fstype: 'xfs', size: 3000, mpoint: '/' }],
            },
          ],
        },
      },
    });
    assert.equal(asked.timezone, 'Europe/Paris');
    assert.equal(asked.keyboard, 'fr');
    assert.deepEqual(asked.kernelParameters.slice(-2), ['quiet', 'appliance.test=7']);
    assert.equal(asked.welcomeMessage, 'Bonjour');
    assert.equal(asked.firewall, true);
    const [zoe] = asked.accounts.users;
    assert.ok(verify('secret', zoe?.passwordHash ?? ''));
    assert.equal(zoe?.sudoWithoutPassword, true);
    assert.deepEqual(asked.accounts.groups, [{ name: 'crew', id: 2500, isSystem: false }]);
    assert.deepEqual([asked.network.mode, asked.network.nics[0]?.ipv4], ['configure', 'disabled']);
    assert.equal(partitionOf(asked, 'xfs')?.mountPoint, '/');
    assert.deepEqual(asked.accounts.root.sshKeys, ['ssh-ed25519 A'], 'the template’s');
    const ask = await plan({
      targetFormat: { name: 'QCOW2' },
      installProfile: { internetSettingsAuto: false },
    });
    assert.deepEqual(ask.firstBoot.ask, ['network']);
  });

  test('a root user nobody said anything of chooses a password at the first boot', async () => {
    const ask = async (rootUser?: object): Promise<readonly string[]> => {
      const stack = { ...template.stack, installation: rootUser === undefined ? {} : { rootUser } };
      const image = { targetFormat: { name: 'QCOW2' } };
      const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
      return (await planBuild({ template: { stack }, image, revision: 3, ...paths }, {})).firstBoot.ask;
    };
    assert.deepEqual(await ask(), ['password']);
    assert.deepEqual(await ask({ setPassword: false }), ['password']);
    assert.deepEqual(await ask({ sshKeys: [{ publicKey: 'ssh-ed25519 A' }] }), []);
    assert.deepEqual(await ask({ password: 'x' }), []);
    assert.deepEqual(await ask({ disablePasswordLogin: true }), []);
  });

  test('the kernel fits the hardware of the format', async () => {
    const kernelOf = async (name: string): Promise<string> =>
      systemPackages((await plan({ targetFormat: { name } })).system, debianReleases[0]!)[0] ?? '';
    assert.equal(await kernelOf('QCOW2'), 'linux-image-cloud-amd64');
    assert.equal(await kernelOf('VirtualBox'), 'linux-image-amd64');
    assert.equal(await kernelOf('Raw Virtual Disk'), 'linux-image-amd64');
  });

  test('names and ids: the same stack gives the same, in every format', async () => {
    const image = { targetFormat: { name: 'QCOW2' } };
    assert.equal((await plan(image)).fileBase, 'Web-Server_1.0rev3_qcow2');
    const uuid = async (name: string, fileSystem = 'ext4'): Promise<string> =>
      partitionOf(await plan({ targetFormat: { name } }), fileSystem)?.uuid ?? '';
    assert.equal(await uuid('QCOW2'), await uuid('QCOW2'));
    assert.match(
      await uuid('QCOW2'),
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    assert.equal(await uuid('QCOW2'), await uuid('VirtualBox'));
    assert.notEqual(await uuid('VirtualBox'), await uuid('VirtualBox', 'swap'));
  });

  test('FORGE_MIRROR replaces the mirror', async () => {
    const image = { targetFormat: { name: 'QCOW2' } };
    assert.equal((await plan(image)).mirror, 'http://deb.debian.org/debian');
    assert.equal(
      (await plan(image, { FORGE_MIRROR: 'http://mirror/debian' })).mirror,
      'http://mirror/debian',
    );
  });

  test('updateTo takes packages from Debian’s own snapshot archive, or from the one that is named', async () => {
    const image = { targetFormat: { name: 'QCOW2' } };
    const dated = (updateTo: string, environment: NodeJS.ProcessEnv = {}): Promise<Plan> => {
      const { stack } = template;
      const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
      const asOf: Template = { stack: { ...stack, os: { ...stack.os, updateTo } } };
      return planBuild({ template: asOf, image, revision: 1, ...paths }, environment);
    };
    const archive = 'http://snapshot.debian.org/archive/debian';
    for (const [updateTo, moment] of [
      ['12-19-2016 10:32:07 GMT', '20161219T103207Z'],
      ['01-30-2014', '20140130T000000Z'],
      ['2016-12-19 10:32 +0100', '20161219T093200Z'],
    ] as const) {
      assert.equal((await dated(updateTo)).mirror, `${archive}/${moment}`, updateTo);
    }
    const named = { FORGE_SNAPSHOT_MIRROR: 'https://snapshots.example.org/archive/' };
    assert.equal(
      (await dated('01-30-2014', named)).mirror,
      'https://snapshots.example.org/archive/debian/20140130T000000Z',
    );
  });

  test('a command is a list however it is written, and else a line for the shell', async () => {
    const commandOf = async (entrypoint: string): Promise<readonly string[] | undefined> =>
      // The first is the forge's own, which goes before the entrypoint.
      (await plan({ targetFormat: { name: 'Docker' }, entrypoint })).entrypoint?.slice(1);
    for (const list of [
      '["/usr/sbin/nginx", "-g", "daemon off;"]',
      `['/usr/sbin/nginx', '-g', 'daemon off;']`,
      `[u'/usr/sbin/nginx', u'-g', u"daemon off;"]`,
    ]) {
      assert.deepEqual(await commandOf(list), ['/usr/sbin/nginx', '-g', 'daemon off;'], list);
    }
    assert.deepEqual(await commandOf(`['it\\'s', '\\u00e9', 5]`), ["it's", 'é', '5']);
    for (const line of ['[ -f /x ] && exec /x', `['a' 'b']`, `['a`, '/bin/true']) {
      assert.deepEqual(await commandOf(line), ['/bin/sh', '-c', line]);
    }
  });

  test('a version of VMware’s hardware is one of the documented ones, or none', async () => {
    const typeOf = async (hwType: string): Promise<string | undefined> =>
      (await plan({ targetFormat: { name: 'OVF or OVA' }, installProfile: { hwType } })).hardwareType;
    assert.equal(await typeOf('7 (ESXi>4.x)'), '7');
    assert.equal(await typeOf('vmx-09'), '9');
    assert.equal(await typeOf('9"/><x'), undefined);
  });

  test('a host name has letters, digits and hyphens', () => {
    assert.equal(hostnameOf('Web Server'), 'web-server');
    assert.equal(hostnameOf('Café_2!'), 'cafe-2');
    assert.equal(hostnameOf('Zürich Straße'), 'zurich-strasse');
    assert.match(hostnameOf('日本'), /^appliance-[0-9a-f]{6}$/);
    assert.notEqual(hostnameOf('日本'), hostnameOf('中国'));
    assert.equal(hostnameOf(`${'a'.repeat(62)}-b`).length, 62);
  });
});

suite('names that should have been refused before', () => {
  const image = { targetFormat: { name: 'QCOW2' } };
  const planOf = (stack: Partial<Template['stack']>): Promise<Plan> => {
    const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
    return planBuild(
      { template: { stack: { ...template.stack, ...stack } }, image, revision: 1, ...paths },
      {},
    );
  };
  const disk = (name: string, mountPoint = '/') => ({
    name,
    size: 4096,
    partitions: [{ number: 1, fstype: 'ext4', size: 1024, mountPoint }],
  });

  test('make no plan: disks and mount points', async () => {
    for (const [name, mountPoint] of [
      ['../../tmp/x', '/'],
      ['sda', '/.'],
      ['sda', '//x'],
      ['sda', '/a/../../x'],
      ['sda', '/a\nb'],
    ] as const) {
      const installation = { partitioning: { disks: [disk('sda'), disk(name, mountPoint)] } };
      await assert.rejects(
        () => planOf({ installation }),
        /disks\[1\]\.(name|partitions\[0\]\.mountPoint) “/,
        name + mountPoint,
      );
    }
    const disks = [disk('sda')];
    assert.equal((await planOf({ installation: { partitioning: { disks } } })).disks[0]?.name, 'sda');
  });

  test('make no plan: packages', async () => {
    const { os } = template.stack;
    for (const name of ['/etc/x.deb', 'a b', '*', '-o']) {
      await assert.rejects(
        () => planOf({ os: { ...os, pkgs: [{ name }] } }),
        /is not the name of a Debian package/,
        name,
      );
      for (const source of ['x', 'x.deb']) {
        const files = [{ name: name.replace('/etc/x.deb', 'X'), source, tag: 'ospkg' as const }];
        const bundles = [{ name: 'b', version: '1', files }];
        await assert.rejects(() => planOf({ bundles }), /is not the name of a Debian package/, name);
      }
    }
  });

  test('make no name of a file in the image that there can’t be', async () => {
    const long = 'l'.repeat(300);
    const license = { name: long, source: 'l' };
    const config = [{ name: long, source: 's', type: 'bootscript', frequency: 'firstboot' } as const];
    const made = await planOf({ bundles: [{ name: long, version: long, files: [], license }], config });
    for (const part of made.bundles.licences[0]?.name.split('/') ?? []) assert.ok(part.length <= 255);
    for (const { path } of bootScriptFiles(made.bootScripts, () => new Uint8Array())) {
      for (const part of path.split('/')) assert.ok(part.length <= 255);
    }
  });
});

test('any name and version make a file name that is one, short enough, and a host name that is one', async () => {
  await fc.assert(
    fc.asyncProperty(anyString, anyString, async (name, version) => {
      const named: Template = { stack: { ...template.stack, name, version, installation: {} } };
      const image = { targetFormat: { name: 'QCOW2' } };
      const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
      const { fileBase, hostname } = await planBuild({ template: named, image, revision: 3, ...paths }, {});
      assert.match(fileBase, /^[A-Za-z0-9+~-][A-Za-z0-9.+~_-]*$/);
      assert.ok(Buffer.byteLength(fileBase) <= 200, fileBase);
      assert.match(hostname, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
    }),
  );
});

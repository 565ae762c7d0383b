import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Installation, Template } from '../../../src/appliance/template/model/template.ts';
import { ociArchive } from '../../../src/builder/disk/oci.ts';
import { imageFormatOf } from '../../../src/builder/formats/formats.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { optionParts } from '../../../src/builder/root/options.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';
import type { Image } from '../../../src/uforge/dto.ts';
import { checkBuildable, planBuild } from '../../support/plans.ts';

let folder = '';
before(async () => (folder = await mkdtemp(join(tmpdir(), 'af-platforms-'))));
after(() => rm(folder, { recursive: true }));

function templateWith(installation: Installation): Template {
  const os = { name: 'Debian', version: '12', arch: 'x86_64' };
  return { stack: { name: 'web', version: '1.2+b', os, installation } };
}

function plan(format: string, installation: Installation = {}, profile: Image['installProfile'] = {}) {
  const image: Image = { targetFormat: { name: format }, installProfile: profile };
  const paths = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
  return planBuild({ template: templateWith(installation), image, revision: 1, ...paths }, {});
}

/** What the packed image of a format has in its archive, by the end of its name. */
async function packed(format: string, made: Plan): Promise<(end: string) => string> {
  const [from, into] = [await mkdtemp(join(folder, 'from-')), await mkdtemp(join(folder, 'into-'))];
  for (const extension of ['qcow2', 'vmdk']) await writeFile(join(from, `disk1.${extension}`), 'disk');
  const signal = new AbortController().signal;
  const sandbox = new Sandbox(signal, () => undefined);
  await imageFormatOf(format)?.pack({ plan: made, from, into, sandbox, signal, report: () => undefined });
  const file = execFileSync('sh', ['-c', 'ls "$1"/image.*', 'sh', into], { encoding: 'utf8' }).trim();
  const names = execFileSync('tar', ['-tf', file], { encoding: 'utf8' }).trim().split('\n');
  return (end) => {
    const name = names.find((each) => each.endsWith(end)) ?? assert.fail(names.join(', '));
    return execFileSync('tar', ['-xOf', file, name], { encoding: 'utf8' });
  };
}

const twoCards: Installation = {
  nics: [
    { name: 'outside', order: 1, ipv4: 'dhcp' },
    {
      name: 'inside',
      order: 2,
      ipv4: 'static',
      ipAddresses: [{ address: '10.0.0.1', netmask: '255.0.0.0' }],
    },
  ],
};

const fileOf = (made: Plan, path: string): string =>
  String(optionParts(made).files.find((file) => file.path === path)?.content ?? '');
const cloudConfig = '/etc/cloud/cloud.cfg.d/95-appliance.cfg';

suite('what an image has for its platform', () => {
  test('a cloud’s has cloud-init for that cloud only, unless the template says no', async () => {
    const aws = await plan('Amazon AWS');
    assert.ok(optionParts(aws).packages.includes('cloud-init'));
    assert.match(fileOf(aws, cloudConfig), /"datasource_list": \[\s*"Ec2",\s*"None"\s*\]/);
    const without = await plan('Amazon AWS', { cloudInit: false });
    assert.ok(!optionParts(without).packages.includes('cloud-init'));
    assert.equal(fileOf(without, cloudConfig), '');
    assert.ok(!optionParts(await plan('QCOW2')).packages.includes('cloud-init'));
  });

  test('cloud-init leaves the network alone where the template has cards', async () => {
    assert.doesNotMatch(fileOf(await plan('OpenStack QCOW2'), cloudConfig), /"network"/);
    const fixed = fileOf(await plan('OpenStack QCOW2', twoCards), cloudConfig);
    assert.match(fixed, /"network": \{\s*"config": "disabled"/);
  });

  test('guest agents', async () => {
    const agentsOf = async (format: string): Promise<readonly string[]> => (await plan(format)).agents;
    assert.deepEqual(await agentsOf('KVM'), ['qemu-guest-agent']);
    assert.deepEqual(await agentsOf('VMware vCenter'), ['open-vm-tools']);
    assert.deepEqual(await agentsOf('Microsoft Azure'), ['hyperv-daemons', 'waagent']);
    assert.deepEqual(await agentsOf('VirtualBox'), []);
  });

  test('what makes the root grow, if the root is the last one on its disk', async () => {
    const grows = async (partitions: NonNullable<Installation['partitioning']>): Promise<boolean> =>
      optionParts(await plan('QCOW2', { partitioning: partitions })).units.includes(
        'appliance-grow-root.service',
      );
    assert.ok(optionParts(await plan('VirtualBox')).units.includes('appliance-grow-root.service'));
    assert.ok(!optionParts(await plan('ISO')).units.includes('appliance-grow-root.service'));
    const root = { number: 1, fstype: 'ext4', size: 3000, mountPoint: '/' };
    const disk = { name: 'sda', type: 'msdos' as const, size: 8000 };
    assert.ok(await grows({ disks: [{ ...disk, partitions: [root] }] }));
    const home = { number: 2, fstype: 'ext4', size: 3000, mountPoint: '/home' };
    assert.ok(!(await grows({ disks: [{ ...disk, partitions: [root, home] }] })));
    const four = [1, 2, 3, 4].map((number) => ({
      ...{ number, fstype: 'ext4', size: 300, mountPoint: `/srv/${number}` },
    }));
    const gpt = { ...disk, type: 'gpt' as const };
    assert.ok(await grows({ disks: [{ ...gpt, partitions: [...four, { ...root, number: 5 }] }] }));
    const inside = { number: 1, fstype: 'Extended', size: 4000, partitions: [{ ...root, number: 5 }] };
    assert.ok(!(await grows({ disks: [{ ...disk, partitions: [inside] }] })));
  });

  test('as many cards as the template has, in each description of the machine', async () => {
    const ovf = (await packed('VMware Server', await plan('VMware Server', twoCards)))('.ovf');
    assert.equal(ovf.match(/<rasd:ResourceType>10</g)?.length, 2);
    assert.match(ovf, /<rasd:Connection>NAT<[^]*<rasd:Connection>eth1</);
    assert.equal(new Set(ovf.match(/rasd:InstanceID>\d+</g)).size, ovf.match(/<Item>/g)?.length);
    const launch = (await packed('KVM', await plan('KVM', twoCards)))('launch.sh');
    assert.match(
      launch,
      /netdev=net0 \\\n {2}-netdev "user,id=net1" -device virtio-net-pci,netdev=net1 "\$@"/,
    );
    const xl = (await packed('Xen', await plan('Xen', twoCards)))('.cfg');
    assert.match(xl, /^vif = \[ "type=vif", "type=vif" \]$/m);
    const one = (await packed('Xen', await plan('Xen')))('.cfg');
    assert.match(one, /^vif = \[ "type=vif" \]$/m);
  });
});

suite('a box for Vagrant', () => {
  test('has the user vagrant with the keys everybody has, sudo without a password and SSH', async () => {
    const made = await plan('Vagrant Base Box', { users: [{ name: 'zoe', password: 'x' }] });
    const [zoe, vagrant] = made.accounts.users;
    assert.deepEqual([zoe?.name, zoe?.sudoWithoutPassword], ['zoe', false]);
    assert.deepEqual([vagrant?.name, vagrant?.sudoWithoutPassword], ['vagrant', true]);
    assert.match(vagrant?.sshKeys.join('\n') ?? '', /^ssh-rsa .* vagrant insecure public key\nssh-ed25519 /);
    assert.notEqual(vagrant?.passwordHash, undefined);
    const { packages } = optionParts(made);
    assert.ok(packages.includes('openssh-server') && packages.includes('sudo'));
    const file = (await packed('Vagrant Base Box', made))('Vagrantfile');
    assert.match(file, /config\.ssh\.username = "vagrant"/);
  });

  test('of one’s own has the user and the key that are given, and nothing that everybody has', async () => {
    const profile = {
      vagrantUser: 'ann',
      users: [{ name: 'ann', sshKeys: [{ publicKey: 'ssh-ed25519 A' }] }],
    };
    const made = await plan('Vagrant Base Box', { users: [{ name: 'zoe', password: 'x' }] }, profile);
    assert.deepEqual(
      made.accounts.users.map(({ name, sshKeys, passwordHash }) => [
        name,
        sshKeys,
        passwordHash !== undefined,
      ]),
      [
        ['zoe', [], true],
        ['ann', ['ssh-ed25519 A'], false],
      ],
    );
    assert.equal(made.accounts.users[1]?.sudoWithoutPassword, true);
    const file = (await packed('Vagrant Base Box', made))('Vagrantfile');
    assert.match(file, /config\.ssh\.username = "ann"/);
  });

  test('whose user has no key, or a name that is none, is refused', () => {
    const problems = (vagrantUser: string): string =>
      checkBuildable({
        template: templateWith({}),
        image: { targetFormat: { name: 'Vagrant Base Box' }, installProfile: { vagrantUser } },
      }).problems.join('\n');
    assert.equal(problems('vagrant'), '');
    assert.match(problems('ann'), /vagrantUser is ann, who has no SSH key/);
    assert.match(problems('a"b'), /a"b/);
  });
});

test('a container image has its version for a tag, and a history with dates', async () => {
  const made = { ...(await plan('QCOW2')), epoch: 1_700_000_000 };
  await mkdir(join(folder, 'oci'));
  const [rootTar, layer] = [join(folder, 'oci/root.tar'), join(folder, 'oci/layer.tar.gz')];
  for (const file of [rootTar, layer]) await writeFile(file, 'x');
  const signal = new AbortController().signal;
  const files = await ociArchive({ plan: made, rootTar, layer, signal, onProgress: () => undefined });
  const all = files.map(({ content }) => (Buffer.isBuffer(content) ? content.toString() : '')).join('\n');
  assert.match(all, /"org.opencontainers.image.ref.name":"1.2-b"/);
  assert.match(all, /"RepoTags":\["web:1.2-b"\]/);
  assert.match(all, /"history":\[\{"created":"2023-11-14T22:13:20Z"/);
});

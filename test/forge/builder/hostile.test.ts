import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Template } from '../../../src/appliance/template/model/template.ts';
import { BuildError } from '../../../src/builder/index.ts';
import { exampleTemplate, startBuild, temporaryFolder } from '../../support/builds.ts';

const qcow2 = { compress: false, targetFormat: { name: 'QCOW2' } };
const docker = { compress: false, targetFormat: { name: 'Docker' }, entrypoint: '["/bin/sh"]' };

/** A template from a stranger: examples/minimal with more in it, under a name no build had before. */
async function strangers(
  folder: string,
  more: Partial<Template['stack']>,
  files: Readonly<Record<string, string>>,
): Promise<{ template: Template; filesDir: string }> {
  const { template } = await exampleTemplate('minimal');
  const filesDir = join(folder, 'stranger');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(filesDir, name, '..'), { recursive: true });
    await writeFile(join(filesDir, name), content);
  }
  return { filesDir, template: { stack: { ...template.stack, name: `hostile-${randomUUID()}`, ...more } } };
}

/** Tries what a program of a bundle could try, and says what came of it. */
const attack = `#!/bin/bash
echo "AS $(id -u)"
for file in "$1"/key /etc/shadow.host "$1"/../*/key; do cat "$file" 2> /dev/null && echo "READ $file"; done
echo changed > "$1/key" 2> /dev/null && echo "WROTE $1/key"
mkdir -p /tmp/x && perl -e 'chroot("/tmp/x") and print "CHROOT\\n"; '
mount -t proc proc /mnt 2> /dev/null && echo MOUNTED
unshare --user --map-root-user true 2> /dev/null && echo NAMESPACE
(exec 5<> "/dev/tcp/127.0.0.1/$2") 2> /dev/null && echo CONNECTED
(exec 5<> "/dev/tcp/deb.debian.org/80") 2> /dev/null && echo OUTSIDE
rm -f /etc/machine-id && ln -s "$1/key" /etc/machine-id
rm -f /etc/resolv.conf && ln -s "$1/key" /etc/resolv.conf
rm -rf /var/log/apt && ln -s "$1" /var/log/apt
echo OVER
`;

suite('a template from a stranger', () => {
  test('whose program tries to get out reads, writes and reaches nothing of this computer', async () => {
    await using folder = await temporaryFolder();
    const victim = join(folder.path, 'victim');
    await mkdir(victim);
    await writeFile(join(victim, 'key'), 'the key of the forge');
    const server = createServer((socket) => socket.end());
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const files = [{ name: 'attack', source: 'attack', params: `${victim} ${port}` }];
      const bundles = [{ name: 'b', version: '1', destination: '/opt/b', files }];
      const build = await startBuild(
        folder.path,
        await strangers(folder.path, { bundles }, { attack }),
        docker,
      );
      await build.artifact;
      const said = build.log.slice(build.log.findIndex((line) => line.startsWith('Running /opt/b/attack')));
      assert.ok(said.includes('AS 0') && said.includes('OVER'), said.join('\n'));
      const succeeded = said.filter((line) =>
        /^(READ|WROTE|CHROOT|MOUNTED|NAMESPACE|CONNECTED|OUTSIDE)/.test(line),
      );
      assert.deepEqual(succeeded, []);
    } finally {
      server.close();
    }
    assert.deepEqual(await readdir(victim), ['key']);
    assert.equal(await readFile(join(victim, 'key'), 'utf8'), 'the key of the forge');
  });

  test('that mounts a partition behind a link fails, and what the link leads to stays where it is', async () => {
    await using folder = await temporaryFolder();
    const host = join(folder.path, 'host');
    await mkdir(join(host, 'victim'), { recursive: true });
    await writeFile(join(host, 'victim/file'), 'of this computer');
    const link = [{ name: 'link', source: 'link', params: host }];
    const bundles = [{ name: 'b', version: '1', destination: '/opt/b', files: link }];
    const { template, filesDir } = await strangers(
      folder.path,
      { bundles },
      { link: '#!/bin/sh\nln -s "$1" /a\n' },
    );
    const partitions = [
      { number: 1, size: 3000, fstype: 'ext4', mountPoint: '/' },
      { number: 2, size: 200, fstype: 'ext4', mountPoint: '/a/victim' },
    ];
    const installation = {
      ...template.stack.installation,
      partitioning: { disks: [{ name: 'sda', type: 'msdos', size: 4096, partitions }] },
    } as NonNullable<Template['stack']['installation']>;
    const build = await startBuild(
      folder.path,
      { template: { stack: { ...template.stack, installation } }, filesDir },
      qcow2,
    );
    await assert.rejects(
      build.artifact,
      (error) => error instanceof BuildError && error.message.includes('/a is a link in the image'),
    );
    assert.equal(await readFile(join(host, 'victim/file'), 'utf8'), 'of this computer');
  });
});

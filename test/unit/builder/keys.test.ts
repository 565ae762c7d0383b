import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keysOf, type Keys } from '../../../src/builder/cache/keys.ts';
import type { ResolvedPackage } from '../../../src/builder/packages/resolve.ts';
import { planBuild } from '../../../src/builder/plan/plan.ts';

const nginx: ResolvedPackage = {
  name: 'nginx',
  version: '1',
  arch: 'amd64',
  fileName: 'nginx_1.deb',
  fileSize: 1,
  sha256: 'a',
};
const ours: ResolvedPackage = { ...nginx, name: 'ours', local: '/files/ours.deb' };

async function keys({
  extra = [nginx],
  files = 'a',
  format = 'QCOW2',
  diskSize = 2000,
}: {
  extra?: readonly ResolvedPackage[];
  files?: string;
  format?: string;
  diskSize?: number;
}): Promise<Keys> {
  const os = { name: 'Debian', version: '12', arch: 'x86_64' } as const;
  const template = { stack: { name: 'web', version: '1.0', os, installation: { diskSize } } };
  const folders = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
  const image = { targetFormat: { name: format } };
  const plan = await planBuild({ template, image, revision: 1, ...folders }, {});
  return keysOf({ plan, base: [], extra, files });
}

/** Which of an appliance's outputs have to be made anew when something changes. */
async function changed(from: Parameters<typeof keys>[0], to: Parameters<typeof keys>[0]): Promise<string[]> {
  const [before, after] = [await keys(from), await keys(to)];
  return (['base', 'installed', 'root', 'disks'] as const).filter((name) => before[name] !== after[name]);
}

suite('what the cache still has', () => {
  test('of another format for the same kernel: all', async () => {
    assert.deepEqual(await changed({}, { format: 'KVM' }), []);
  });

  test('of another file in the archive, such as a boot script: the root with all packages', async () => {
    assert.deepEqual(await changed({}, { files: 'b' }), ['root', 'disks']);
  });

  test('of another file, when packages come out of the archive: the base root', async () => {
    const extra = [nginx, ours];
    assert.deepEqual(await changed({ extra }, { extra, files: 'b' }), ['installed', 'root', 'disks']);
  });

  test('of another package, or another option: the base root', async () => {
    const extra = [{ ...nginx, version: '2' }];
    assert.deepEqual(await changed({}, { extra }), ['installed', 'root', 'disks']);
    assert.deepEqual(await changed({}, { diskSize: 3000 }), ['installed', 'root', 'disks']);
  });

  test('of other contents under the same version: the base root', async () => {
    assert.deepEqual(await changed({}, { extra: [{ ...nginx, sha256: 'b' }] }), [
      'installed',
      'root',
      'disks',
    ]);
  });

  test('of a format for another kernel: nothing', async () => {
    assert.deepEqual(await changed({}, { format: 'VirtualBox' }), ['base', 'installed', 'root', 'disks']);
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { imageFormatOf } from '../../../src/builder/formats/formats.ts';
import type { ResolvedPackage } from '../../../src/builder/packages/aptSays.ts';
import { systemPackages } from '../../../src/builder/plan/systems.ts';
import { ImageTree } from '../../../src/builder/root/imageTree.ts';
import { keyOf } from '../../../src/builder/stages/stage.ts';
import { stagesOf } from '../../../src/builder/stages/stagesOf.ts';
import { planBuild } from '../../support/plans.ts';

const nginx: ResolvedPackage = {
  name: 'nginx',
  version: '1',
  arch: 'amd64',
  fileName: 'nginx_1.deb',
  fileSize: 1,
  sha256: 'a',
};
const ours: ResolvedPackage = { ...nginx, name: 'ours', local: '/files/ours.deb' };

const names = ['base', 'installed', 'root', 'disks'] as const;

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
}): Promise<Readonly<Record<(typeof names)[number], string>>> {
  const os = { name: 'Debian', version: '12', arch: 'x86_64' } as const;
  const template = { stack: { name: 'web', version: '1.0', os, installation: { diskSize } } };
  const folders = { filesDir: '/files', workDir: '/work', cacheDir: '/cache' };
  const image = { targetFormat: { name: format } };
  const plan = await planBuild({ template, image, revision: 1, ...folders }, {});
  const requested = systemPackages(plan.system, plan.release);
  const resolution = {
    base: [],
    extra,
    profile: requested,
    requested,
    installedSize: 0,
    recommended: [],
    givenUp: [],
  };
  const bundles = { placed: [], size: 0, tree: new ImageTree(() => undefined), archives: [] };
  const stages = stagesOf({
    plan,
    format: imageFormatOf(format) ?? assert.fail(),
    resolution,
    bundles,
    files,
  });
  const { base, installed, root, disks } = stages;
  return { base: keyOf(base), installed: keyOf(installed), root: keyOf(root), disks: keyOf(disks) };
}

/** Which of an appliance's outputs have to be made anew when something changes. */
async function changed(from: Parameters<typeof keys>[0], to: Parameters<typeof keys>[0]): Promise<string[]> {
  const [before, after] = [await keys(from), await keys(to)];
  return names.filter((name) => before[name] !== after[name]);
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

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { rememberedResolution } from '../../../src/builder/packages/remembered.ts';
import type { Resolution } from '../../../src/builder/packages/resolve.ts';
import type { Plan } from '../../../src/builder/plan/plan.ts';
import { planBuild } from '../../support/plans.ts';

const resolution: Resolution = {
  base: [],
  extra: [],
  profile: ['apt'],
  requested: ['apt'],
  installedSize: 1,
  recommended: [],
  givenUp: [],
};

async function planWith(packages: string): Promise<Plan> {
  const os = `{ name: Debian, version: '12', arch: x86_64, profile: Minimal, pkgs: [${packages}] }`;
  const { template } = parseTemplate(`stack:\n  name: n\n  version: '1'\n  os: ${os}\n`, 'yaml');
  assert.ok(template);
  const image = { targetFormat: { name: 'QCOW2' } };
  const folders = { filesDir: '/none', workDir: '/none', cacheDir: '/none' };
  return await planBuild({ template, image, revision: 1, ...folders }, {});
}

test('apt is asked once about a state of the mirror, and again when anything is different', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'forge-remembered-'));
  try {
    const aptFolder = join(folder, 'apt');
    await mkdir(join(aptFolder, 'lists'), { recursive: true });
    const release = (text: string): Promise<void> =>
      writeFile(join(aptFolder, 'lists/debian_InRelease'), text);
    await release('Monday');
    let asked = 0;
    const ask = async (packages: string, files: readonly string[] = []): Promise<number> => {
      const question = {
        plan: await planWith(packages),
        local: { files, wanted: [] },
        needed: [],
        aptFolder,
        cacheDir: folder,
      };
      const answer = await rememberedResolution(question, () => Promise.resolve((asked++, resolution)));
      assert.deepEqual(answer, resolution);
      return asked;
    };
    assert.equal(await ask('{ name: nginx }'), 1);
    assert.equal(await ask('{ name: nginx }'), 1);
    assert.equal(await ask('{ name: nginx }, { name: hello }'), 2);
    await release('Tuesday');
    assert.equal(await ask('{ name: nginx }'), 3);
    for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      if (!file.name.endsWith('.json')) continue;
      await writeFile(path, (await readFile(path, 'utf8')).replace('"apt"', '"apu"'));
    }
    assert.equal(await ask('{ name: nginx }'), 4, 'what is damaged is forgotten');
    assert.equal(await ask('{ name: nginx }', ['/bundle/own.deb']), 5);
    assert.equal(await ask('{ name: nginx }', ['/bundle/own.deb']), 6, 'the file may be another');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { unpackTemplate } from '../../../src/appliance/archive/unpackTemplate.ts';
import { linkFolder } from '../../../src/forge/appliances/parts/files.ts';
import { packFolder } from '../../../src/forge/appliances/repackFolder.ts';

const text = `stack:
  name: web
  version: '1.0'
  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }
`;

suite('the folder of an appliance', () => {
  let root = '';
  before(async () => (root = await mkdtemp(join(tmpdir(), 'repack-test-'))));
  after(() => rm(root, { recursive: true }));

  test('has its links and empty folders also when it is taken over and exported', async () => {
    const folder = join(root, 'first');
    await mkdir(join(folder, 'bundles/b/1/tree/empty'), { recursive: true });
    await writeFile(join(folder, 'bundles/b/1/tree/a'), 'a');
    await symlink('tree/a', join(folder, 'bundles/b/1/link'));
    const next = join(root, 'next');
    await linkFolder(folder, next);
    const archive = join(root, 'archive.tar.gz');
    await packFolder(next, archive, { except: [], text: { name: 'template.yml', text } });
    const out = join(root, 'out');
    await unpackTemplate(createReadStream(archive), out);
    for (const at of [next, out]) {
      const bundle = join(at, 'bundles/b/1');
      assert.deepEqual(await readdir(join(bundle, 'tree/empty')), []);
      assert.equal(await readlink(join(bundle, 'link')), 'tree/a');
      assert.equal(await readFile(join(bundle, 'link'), 'utf8'), 'a');
    }
  });
});

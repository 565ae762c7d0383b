import assert from 'node:assert/strict';
import { chown, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { lastFolder } from '../../../src/cli/lastFolder.ts';

suite('a template is looked for no farther than', () => {
  let root = '';
  const start = process.cwd();
  before(async () => (root = await realpath(await mkdtemp(join(tmpdir(), 'af-last-')))));
  after(async () => {
    process.chdir(start);
    await rm(root, { recursive: true });
  });

  test('the root of the repository, else the current folder, else the file’s own', async () => {
    const file = join(root, 'repository/images/vbox/representation.xml');
    await mkdir(join(root, 'repository/images/vbox'), { recursive: true });
    assert.equal(await lastFolder(file), join(root, 'repository/images/vbox'));
    process.chdir(join(root, 'repository/images'));
    assert.equal(await lastFolder(file), join(root, 'repository/images'));
    await mkdir(join(root, 'repository/.git'));
    assert.equal(await lastFolder(file), join(root, 'repository'));
  });

  test('one’s own repository: anybody can make one in /tmp', async (t) => {
    if (process.getuid?.() !== 0) {
      t.skip('only root can give a folder away');
      return;
    }
    await mkdir(join(root, 'shared/.git'), { recursive: true });
    await chown(join(root, 'shared/.git'), 12_345, 12_345);
    assert.equal(await lastFolder(join(root, 'shared/x/a.xml')), join(root, 'shared/x'));
  });
});

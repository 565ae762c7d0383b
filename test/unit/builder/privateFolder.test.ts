import assert from 'node:assert/strict';
import { chmod, chown, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { makeCacheFolder } from '../../../src/builder/cache/privateFolder.ts';
import { dataFolder } from '../../../src/forge/process/paths.ts';
import { prepareDataFolder } from '../../../src/forge/process/prepareDataFolder.ts';

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o7777).toString(8);
}

suite('what the forge keeps is for its owner only', () => {
  let folder = '';
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'forge-private-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const kinds: Readonly<Record<string, (path: string) => Promise<void>>> = {
    'the cache': makeCacheFolder,
    'the data folder': (path) => prepareDataFolder(dataFolder(path)),
  };
  for (const [name, make] of Object.entries(kinds)) {
    test(`${name}: made so, wherever it is, and closed when it is there and open`, async () => {
      const path = join(folder, 'some/where');
      await make(path);
      assert.equal(await modeOf(path), '700');
      // As forges before left it.
      for (const part of ['packages', 'index', 'bases']) await mkdir(join(path, part), { recursive: true });
      for (const part of ['timings.json', 'forge.db']) {
        if ((name === 'the cache') === (part === 'timings.json')) await writeFile(join(path, part), '');
      }
      await chmod(path, 0o755);
      await make(path);
      assert.equal(await modeOf(path), '700');
      await chmod(path, 0o500);
      await make(path);
      assert.equal(await modeOf(path), '700');
    });

    test(`${name}: not a folder that is for other things, too, which would be closed for all of them`, async () => {
      await chmod(folder, 0o755);
      await writeFile(join(folder, 'notes.txt'), '');
      await assert.rejects(make(folder), {
        name: 'BuildError',
        message:
          `The folder ${folder} is open to other users and holds other things than the forge's. ` +
          `Name a folder for the forge alone, or close it: chmod 700 ${folder}`,
      });
      assert.equal(await modeOf(folder), '755');
      await chmod(folder, 0o700);
      await make(folder);
    });

    test(`${name}: not a folder of somebody else, also when its rights look right`, async (t) => {
      if (process.getuid?.() !== 0) {
        t.skip('only root can give a folder away');
        return;
      }
      await chown(folder, 12_345, 12_345);
      await assert.rejects(make(folder), (error: Error) => {
        assert.ok(
          error.message.startsWith(`The folder ${folder} belongs to another user (id 12345; this one`),
        );
        assert.match(error.message, /Name a folder of your own\.$/);
        return true;
      });
    });
  }
});

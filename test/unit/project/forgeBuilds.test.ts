import assert from 'node:assert/strict';
import { mkdir, mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { forgeBuilds } from '../../../scripts/vscode/forgeBuilds.ts';
import { dataFolder } from '../../../src/forge/process/paths.ts';

test('places at which nothing is built count as no builds: npm start ends an idle forge', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'af-builds-'));
  assert.equal(await forgeBuilds(folder.path), 0);
  const { workOf } = dataFolder(folder.path);
  await mkdir(join(workOf(3), '..'), { recursive: true });
  assert.equal(await forgeBuilds(folder.path), 0);
  await mkdir(workOf(4), { recursive: true });
  assert.equal(await forgeBuilds(folder.path), 1);
});

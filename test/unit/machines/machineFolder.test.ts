import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeMachineFolder, usedByOthers } from '../../../src/machines/machineFolder.ts';

test('what a killed machine left goes; a living one’s folder stays, and a stranger’s link', async (t) => {
  const before = process.env['TMPDIR'];
  const folder = await mkdtemp(join(tmpdir(), 'machine-folders-'));
  process.env['TMPDIR'] = folder;
  t.after(async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(folder, { recursive: true });
  });
  const long = new Date(0);
  const own = join(folder, 'own');
  await mkdir(own);
  await utimes(own, long, long);
  await symlink(own, join(folder, 'appliance-forge-machine-link'));
  const left = join(folder, 'appliance-forge-machine-left');
  await mkdir(left);
  await utimes(left, long, long);
  await using living = await makeMachineFolder('image');
  assert.deepEqual([...(await usedByOthers())], ['image']);
  const there = ['own', 'appliance-forge-machine-link', `appliance-forge-machine-${living.id}`];
  assert.deepEqual((await readdir(folder)).sort(), there.sort());
});

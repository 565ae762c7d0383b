import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { nodeModulesFit } from '../../../scripts/setup/npm.mjs';

type Packages = Record<string, { version?: string; integrity?: string; optional?: boolean }>;

suite('Set-up compares node_modules with package-lock.json', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'af-setup-'));
    await mkdir(join(folder, 'node_modules'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const locked = (packages: Packages) =>
    writeFile(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  const listed = (packages: Packages) =>
    writeFile(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages }));
  const installed = async (packages: Packages) => {
    for (const path of Object.keys(packages)) await mkdir(join(folder, path), { recursive: true });
    await listed(packages);
  };

  const yaml = { version: '2.9.1', integrity: 'sha512-a' };

  test('the same packages fit', async () => {
    await locked({ 'node_modules/yaml': yaml });
    await installed({ 'node_modules/yaml': yaml });
    assert.equal(nodeModulesFit(folder), true);
  });

  test('nothing installed, or an interrupted installation, does not fit', async () => {
    await locked({ 'node_modules/yaml': yaml });
    assert.equal(nodeModulesFit(folder), false);
  });

  test('a package that is listed, but whose folder has gone, does not fit', async () => {
    await locked({ 'node_modules/yaml': yaml });
    await listed({ 'node_modules/yaml': yaml });
    assert.equal(nodeModulesFit(folder), false);
  });

  test('another version does not fit', async () => {
    await locked({ 'node_modules/yaml': yaml });
    await installed({ 'node_modules/yaml': { ...yaml, version: '2.9.0' } });
    assert.equal(nodeModulesFit(folder), false);
  });

  test('other content under the same version does not fit', async () => {
    await locked({ 'node_modules/yaml': yaml });
    await installed({ 'node_modules/yaml': { ...yaml, integrity: 'sha512-b' } });
    assert.equal(nodeModulesFit(folder), false);
  });

  test('a package too few or too many does not fit', async () => {
    await locked({ 'node_modules/yaml': yaml, 'node_modules/saxes': { version: '6.0.0' } });
    await installed({ 'node_modules/yaml': yaml });
    assert.equal(nodeModulesFit(folder), false);
    await locked({});
    assert.equal(nodeModulesFit(folder), false);
  });

  test('an optional package for another platform may be absent', async () => {
    await locked({
      'node_modules/yaml': yaml,
      'node_modules/fsevents': { version: '2.0.0', optional: true },
    });
    await installed({ 'node_modules/yaml': yaml });
    assert.equal(nodeModulesFit(folder), true);
  });
});

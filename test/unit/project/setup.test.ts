import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { nodeModulesFit } from '../../../scripts/setup/npm.mjs';
import { chooseNode, pinnedNode } from '../../../scripts/setup/ourNode.mjs';

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

suite('The scripts run under', () => {
  const linux = {
    platform: 'linux',
    arch: 'x64',
    version: '20.11.0',
    execPath: '/usr/bin/node',
    hasPinned: true,
  };
  const mac = { ...linux, platform: 'darwin', arch: 'arm64' };

  test('the pinned Node on Linux x86-64', () => {
    assert.equal(chooseNode(linux), join(pinnedNode, 'bin/node'));
  });

  test('the Node that runs now where the pinned one does not fit, when it is new enough', () => {
    assert.equal(chooseNode({ ...mac, version: '24.2.0' }), '/usr/bin/node');
    assert.equal(chooseNode({ ...mac, platform: 'win32', version: '26.0.0' }), '/usr/bin/node');
    assert.equal(
      chooseNode({ ...linux, arch: 'arm64', version: '24.9.1', hasPinned: false }),
      '/usr/bin/node',
    );
  });

  test('no older one: a sentence says which is needed', () => {
    for (const version of ['20.11.0', '22.18.0', '24.1.9']) {
      assert.throws(
        () => chooseNode({ ...mac, version }),
        /need Node 24\.2 or later; this is .*install a newer one/,
      );
    }
  });
});

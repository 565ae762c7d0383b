import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { launchForge, LaunchError } from '../../../src/forge/process/launch.ts';
import { leaveImage } from './seeded.ts';
import { ended, mainScript, startForge, temporaryFolder } from './support.ts';

/** Starts a forge that is not to start, by hand and as an editor does. @returns the sentence */
async function whyNot(args: readonly string[], dataDir: string): Promise<string> {
  const { code, errors } = await ended(['--data', dataDir, ...args]);
  assert.equal(code, 1, errors);
  assert.match(errors, /^[^\n]+\.\n$/, 'one line, no stack');
  if (args.length > 0) return errors.trim();
  const error: unknown = await launchForge({ script: mainScript, dataDir }).catch((each: unknown) => each);
  assert.ok(error instanceof LaunchError);
  assert.equal(error.message, `The local forge does not start. ${errors.trim()}`);
  return errors.trim();
}

/** A data folder of a forge that has run, with a file of it replaced. */
async function spoiled(name: string, content: string): Promise<{ path: string } & AsyncDisposable> {
  const folder = await temporaryFolder();
  await leaveImage(folder.path, Buffer.from('image'));
  await rm(join(folder.path, `${name}-wal`), { force: true });
  await writeFile(join(folder.path, name), content);
  return folder;
}

test('a forge starts though something that a build has left can’t be removed, and says so', async () => {
  await using folder = await temporaryFolder();
  const left = join(folder.path, 'work/place-0/7');
  await mkdir(left, { recursive: true, mode: 0o700 });
  await chmod(folder.path, 0o700);
  await using forge = await startForge(folder.path, [], {}, `mount -t tmpfs tmpfs '${left}'`);
  assert.equal((await forge.call('GET', `/users/${forge.user}`)).status, 200);
  assert.match(forge.errors(), /Device or resource busy|skipping/);
});

suite('why a forge does not start', () => {
  test('a damaged database', async () => {
    await using folder = await spoiled('forge.db', 'not a database at all\n'.repeat(1000));
    assert.match(await whyNot([], folder.path), /forge\.db is damaged\. Restore it from a backup, or move/);
    assert.equal(await readFile(join(folder.path, 'images/1/left 1.0rev1 ü.qcow2'), 'utf8'), 'image');
  });

  test('a damaged lock', async () => {
    await using folder = await spoiled('forge.lock', 'garbage\n'.repeat(1000));
    assert.match(await whyNot([], folder.path), /forge\.lock is damaged\. It holds nothing: remove it/);
  });

  test('a key that is none', async () => {
    await using folder = await spoiled('vault.key', 'short');
    assert.match(await whyNot([], folder.path), /vault\.key holds no key\. Move it away/);
  });

  test('a folder in the place of the key', async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, 'vault.key'), { recursive: true });
    assert.match(await whyNot([], folder.path), /vault\.key holds no key/);
  });

  test('a data folder that is a file, or below one, or where no folder can be', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    assert.match(await whyNot([], file), /file is not a folder\. Move it away/);
    assert.match(await whyNot([], join(file, 'below')), /not a folder/);
    assert.match(await whyNot([], '/proc/x'), /\/proc\/x can't be made/);
    assert.match(await whyNot([], '/proc/x/y'), /\/proc\/x can't be made/);
    assert.match(await whyNot(['--cache', '/proc/x'], folder.path), /\/proc\/x can't be made/);
  });

  test('a data folder that takes no changes', async () => {
    await using folder = await temporaryFolder();
    const readOnly = `mount --bind '${folder.path}' '${folder.path}' && mount -o remount,ro,bind '${folder.path}'`;
    await assert.rejects(
      startForge(folder.path, [], { XDG_RUNTIME_DIR: '/tmp' }, readOnly),
      /on a file system that takes no changes|can't be opened to write/,
    );
  });

  test('a port that is taken', async () => {
    await using folder = await temporaryFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    assert.match(await whyNot(['--port', String(port)], folder.path), /The port is in use\. .* --port\./);
    other.close();
  });

  test('a forge that crashes is told by its error, not by where in the code it was', async () => {
    await using folder = await temporaryFolder();
    const script = join(folder.path, 'broken.ts');
    const launch = async (code: string) => {
      await writeFile(script, code);
      const dataDir = join(folder.path, 'data');
      const error: unknown = await launchForge({ script, dataDir }).catch((each: unknown) => each);
      assert.ok(error instanceof LaunchError);
      assert.match(error.detail, /broken\.ts/, 'where it was is in the detail');
      return error.message;
    };
    assert.equal(
      await launch("await Promise.reject(new TypeError('The gears are missing'));"),
      'The local forge does not start. The gears are missing.',
    );
    assert.equal(
      await launch("const { stack = '' } = new Error(''); console.error(stack); process.exit(1);"),
      'The local forge does not start. It ended without saying why.',
    );
  });
});

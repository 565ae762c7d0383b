import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { xfs } from '../../../src/builder/fileSystems/xfs.ts';

const run = promisify(execFile);

/** The script of the writer, as the sandbox runs it, with `disk` as the disk. */
async function write(folder: string): Promise<string> {
  const scratch = join(folder, 'scratch');
  await mkdir(scratch);
  for (const [name, text] of Object.entries(xfs.files ?? {})) await writeFile(join(scratch, name), text);
  const disk = join(folder, 'disk');
  await run('bash', ['-euo', 'pipefail', '-c', xfs.script], {
    env: {
      ...process.env,
      ...{ ROOT: join(folder, 'root'), FOLDER: scratch, DISK: disk, SIZE: String(300 * 1024 ** 2) },
      ...{ START: '0', LABEL: 'data', UUID: '11111111-2222-4333-8444-555555555555' },
    },
  });
  return disk;
}

suite('an XFS filled without being mounted', () => {
  let folder = '';
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'xfs-test-'))));
  after(() => rm(folder, { recursive: true }));

  test('has names with blanks, file capabilities and sticky folders, and xfs_repair finds nothing wrong', async () => {
    const root = join(folder, 'root');
    const many = Array.from({ length: 400 }, (_, index) => `many/a file of ${index}.txt`);
    const names = ['dist/launcher manifest.xml', 'a b/ c/x y', 'tail ', "two  blanks it's", ':begins', 'ü ö'];
    for (const name of [...names, ...many]) {
      await mkdir(join(root, name, '..'), { recursive: true });
      await writeFile(join(root, name), name);
    }
    for (let index = 0; index < 60; index++) await writeFile(join(root, 'dist', `other-file-${index}`), '');
    await symlink('a b/ c', join(root, 'link to it'));
    await mkdir(join(root, 'sticky'));
    await chmod(join(root, 'sticky'), 0o1777);
    await writeFile(join(root, 'ping'), '#!', { mode: 0o755 });
    await run('unshare', ['--map-root-user', 'setcap', 'cap_net_raw+ep', join(root, 'ping')]);

    const disk = await write(folder);
    await run('xfs_repair', ['-n', '-f', disk]);
    const print = async (path: string, ...orders: readonly string[]): Promise<string> => {
      const all = [`path ${path}`, ...orders].flatMap((order) => ['-c', order]);
      return (await run('xfs_db', ['-r', ...all, disk])).stdout;
    };
    // `(good)` are names that have the hash they are found by. xfs_db has no way to write a path with a blank.
    const listed = async (path: string): Promise<Map<string, string>> => {
      const entries = (await print(path, 'ls')).matchAll(/^\d+ +(\d+) +\w+ +0x\w+ +\d+ (.*) \(good\)$/gm);
      return new Map(Array.from(entries, ([, inode = '', name = '']) => [name, inode]));
    };
    const at = { '/': await listed('/'), '/dist': await listed('/dist'), '/many': await listed('/many') };
    assert.deepEqual(
      many.filter((name) => !at['/many'].has(name.slice(5))),
      [],
    );
    assert.ok(at['/dist'].has('launcher manifest.xml'));
    for (const name of ['a b', 'tail ', "two  blanks it's", ':begins', 'ü ö', 'link to it']) {
      assert.ok(at['/'].has(name), `${name}: ${[...at['/'].keys()].join('\n')}`);
    }
    const link = await run('xfs_db', [
      ...['-r', '-c', `inode ${at['/'].get('link to it') ?? ''}`, '-c', 'print u3.symlink', disk],
    ]);
    assert.match(link.stdout, /"a b\/ c"/);
    assert.match(await print('/sticky', 'print core.mode'), /041777/);
    const attribute = await print('/ping', 'print a.sfattr.list[0]');
    assert.match(attribute, /secure = 1\s.*name = "capability"\s+.*value = "\\001\\000\\000[\\0-9 ]+"/s);
  });

  test('says what it can’t name', async () => {
    await rm(folder, { recursive: true });
    await mkdir(join(folder, 'root/only'), { recursive: true });
    await writeFile(join(folder, 'root/only/ '), '');
    await assert.rejects(write(folder), /XFS can't be filled with the name of \/only\/ \./);
  });
});

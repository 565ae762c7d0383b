import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Bundle, BundleFile } from '../../../src/appliance/template/model/template.ts';
import { BuildError } from '../../../src/builder/model.ts';
import { planBundles } from '../../../src/builder/plan/bundles.ts';
import { layOutBundles, writeBundles, type BundleTree } from '../../../src/builder/root/bundleTree.ts';
import { writeOverlay } from '../../../src/builder/root/overlay.ts';
import { tar } from '../../support/tar.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const epoch = 1_700_000_000;

let root = '';
before(async () => (root = await mkdtemp(join(tmpdir(), 'bundle-test-'))));
after(() => rm(root, { recursive: true, force: true }));

async function filesWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(root, 'files-'));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const stack = { name: 'a', version: '1', os: { name: 'Debian', version: '12', arch: 'amd64' } };
const release = { version: '12', codename: 'bookworm' };
const format = { name: 'QCOW2', category: 'virtual' } as const;

/** As a template that never met the rules of the language would be laid out. */
async function layOut(
  filesDir: string,
  files: readonly BundleFile[],
  bundle: Partial<Bundle> = {},
): Promise<BundleTree> {
  const whole = { name: 'b', version: '1', destination: '/opt/b', ...bundle, files };
  const bundles = planBundles({ stack: { ...stack, bundles: [whole] } }, release, format);
  return layOutBundles({ bundles, filesDir, signal, limits: { bytes: 1024 ** 2, files: 200 } });
}

/** `drwxr-xr-x 0/0 0 2023-11-14 opt/b`, and so on, as tar lists it. */
async function listed(tree: BundleTree): Promise<string[]> {
  const file = join(await mkdtemp(join(root, 'tar-')), 'bundles.tar');
  await writeBundles(tree, { file, epoch, signal });
  const { stdout } = await run('tar', ['--utc', '--numeric-owner', '-tvf', file]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/ +/g, ' ').replace(' 22:13 ', ' '));
}

async function refused(tree: Promise<unknown>, message: RegExp): Promise<void> {
  await assert.rejects(tree, (error: unknown) => {
    assert.ok(error instanceof BuildError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

suite('the files of bundles', () => {
  test('are one tar, root’s own and of one date, with the rights they are given', async () => {
    const filesDir = await filesWith({
      'one file': 'text',
      'tree/inner/a': 'aa',
      'tree/run.sh': '#!/bin/sh\n',
      secret: 'x',
      'a.tar.gz': gzipSync(
        await tar([
          { name: 'bin', type: 'directory', mode: 0o2751 },
          { name: 'bin/tool', text: '#!/bin/sh\n', mode: 0o4711, uid: 7, gid: 7 },
          { name: 'bin/python3', type: 'symlink', linkname: '/usr/bin/python3' },
          { name: 'bin/key', text: 'k', mode: 0o600 },
          { name: 'bin/same', type: 'link', linkname: 'bin/tool' },
          { name: 'bin/link', type: 'symlink', linkname: 'tool' },
        ]),
      ),
    });
    const tree = await layOut(filesDir, [
      { name: 'one file', source: 'one file', rights: '640', symlink: '/usr/share/one' },
      {
        name: 'tree',
        source: 'tree',
        rights: '644',
        files: [{ name: 'run.sh', source: 'tree/run.sh', rights: '4755' }],
      },
      { name: 'secret', source: 'secret', rights: '000' },
      { name: 'a.tar.gz', source: 'a.tar.gz', extract: true, destination: '/' },
    ]);
    assert.deepEqual(await listed(tree), [
      'drwxr-s--x 0/0 0 2023-11-14 bin',
      'drwxr-xr-x 0/0 0 2023-11-14 opt',
      'drwxr-xr-x 0/0 0 2023-11-14 opt/b',
      'drwxr-xr-x 0/0 0 2023-11-14 opt/b/tree',
      'drwxr-xr-x 0/0 0 2023-11-14 opt/b/tree/inner',
      '-rw-r----- 0/0 4 2023-11-14 opt/b/one file',
      '---------- 0/0 1 2023-11-14 opt/b/secret',
      '-rw-r--r-- 0/0 2 2023-11-14 opt/b/tree/inner/a',
      '-rwsr-xr-x 0/0 10 2023-11-14 opt/b/tree/run.sh',
      '-rws--x--x 0/0 10 2023-11-14 bin/same',
      'hrw-r--r-- 0/0 0 2023-11-14 bin/tool link to bin/same',
      '-rw------- 0/0 1 2023-11-14 bin/key',
      'lrwxrwxrwx 0/0 0 2023-11-14 bin/link -> tool',
      'lrwxrwxrwx 0/0 0 2023-11-14 bin/python3 -> /usr/bin/python3',
    ]);
    const paths = tree.placed.map(({ path, rights, symlink: link }) => [path, rights, link]);
    assert.deepEqual(paths, [
      ['/opt/b/one file', '640', '/usr/share/one'],
      ['/opt/b/tree', undefined, undefined],
      ['/opt/b/tree/run.sh', '4755', undefined],
      ['/opt/b/secret', '000', undefined],
      ['/bin', undefined, undefined],
    ]);
  });

  test('come whole out of the tar, as a long name and a large file do', async () => {
    const long = `${'long/'.repeat(30)}${'ä'.repeat(100)}`;
    const bytes = Buffer.alloc(600_000, 'bytes');
    const filesDir = await filesWith({ 'b.tar': await tar([{ name: long, text: bytes.toString() }]) });
    const tree = await layOut(filesDir, [{ name: 'b', source: 'b.tar', extract: true }]);
    assert.equal(tree.size, bytes.length);
    const folder = await mkdtemp(join(root, 'out-'));
    const file = join(folder, 'bundles.tar');
    await writeBundles(tree, { file, epoch, signal });
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await run('tar', ['-C', folder, '-xf', file]);
    assert.ok((await readFile(join(folder, 'opt/b', long))).equals(bytes));
  });

  test('are the later ones where two have the same place, and keep what else is linked to the earlier', async () => {
    const filesDir = await filesWith({
      'a.tar': await tar([
        { name: 'x', text: 'old' },
        { name: 'y', type: 'link', linkname: 'x' },
      ]),
      x: 'newer',
    });
    const tree = await layOut(filesDir, [
      { name: 'a.tar', source: 'a.tar', extract: true },
      { name: 'x', source: 'x' },
    ]);
    assert.deepEqual((await listed(tree)).slice(2), [
      '-rwxr-xr-x 0/0 5 2023-11-14 opt/b/x',
      '-rw-r--r-- 0/0 3 2023-11-14 opt/b/y',
    ]);
  });

  test('are refused with all that is wrong at once, and nothing is written', async () => {
    const filesDir = await filesWith({
      'h.tar': await tar([{ name: 'good' }, { name: '../x', text: 'x' }]),
      sum: 'x',
    });
    const files = [
      { name: 'h.tar', source: 'h.tar', extract: true },
      { name: 'sum', source: 'sum', md5sum: '0'.repeat(32) },
      { name: 'none', source: 'none' },
    ];
    const before = await readdir(root, { recursive: true });
    await refused(
      layOut(filesDir, files),
      /^stack\.bundles\[0\]\.files\[1\]: sum has the md5 sum 9dd4e461268c8034f5c8564e155c67a6, not 0+; .*files\[0\]: the archive “h\.tar” is refused: the path “\.\.\/x” leads out of it; .*files\[2\]: the template archive has no file “none”\.$/,
    );
    assert.deepEqual(await readdir(root, { recursive: true }), before);
  });

  // The rules of the language refuse these first; this is what holds should one ever come by another way.
  const hostile: readonly (readonly [string, readonly BundleFile[], Partial<Bundle>, RegExp])[] = [
    [
      'a file “..” below “/”',
      [{ name: 'tree', source: 'tree', files: [{ name: '..', source: 'f', destination: '/' }] }],
      { destination: '/' },
      /files\[0\]\.files\[0\]|files\[0\]: the path in the image “\/\.\.” must be an absolute path/,
    ],
    [
      'a destination upwards',
      [{ name: 'f', source: 'f', destination: '/opt/../../x' }],
      {},
      /must be an absolute path/,
    ],
    [
      'a symlink upwards',
      [{ name: 'f', source: 'f', symlink: '/a/../../b' }],
      {},
      /must be an absolute path/,
    ],
    [
      'a bundle “..” without a destination',
      [{ name: 'f', source: 'f' }],
      { name: '..' },
      /“\/opt\/\.\.\/f” must be/,
    ],
    ['a name with a separator of the tables', [{ name: 'a\x1fb', source: 'f' }], {}, /has a line break/],
    ['a name with a line break', [{ name: 'a\nb', source: 'f' }], {}, /has a line break/],
    ['a name no file has', [{ name: 'n'.repeat(300), source: 'f' }], {}, /longer than 255 bytes/],
    [
      'a path no file has',
      [{ name: 'n', source: 'f', destination: '/nn'.repeat(2000) }],
      {},
      /longer than 4096 bytes/,
    ],
    [
      'folders without end',
      [{ name: 'n', source: 'f', destination: '/n'.repeat(300) }],
      {},
      /more than 200 files/,
    ],
  ];
  for (const [what, files, bundle, message] of hostile) {
    test(`with ${what} are refused`, async () => {
      const filesDir = await filesWith({ f: 'f', 'tree/g': 'g' });
      const { destination } = bundle;
      const whole = { destination: what.includes('without') ? undefined : (destination ?? '/opt/b') };
      await refused(layOut(filesDir, files, { ...bundle, ...(whole as Partial<Bundle>) }), message);
    });
  }

  test('can’t go through a link or a file of another one, nor be one where a folder is', async () => {
    const filesDir = await filesWith({
      'l.tar': await tar([
        { name: 'l', type: 'symlink', linkname: 'd' },
        { name: 'd', type: 'directory' },
      ]),
      'm.tar': await tar([{ name: 'l/m', text: 'm' }]),
      f: 'f',
    });
    await refused(
      layOut(filesDir, [
        { name: 'l', source: 'l.tar', extract: true },
        { name: 'm', source: 'm.tar', extract: true },
        { name: 'd', source: 'f' },
        { name: 'f', source: 'f', destination: '/x' },
        { name: 'g', source: 'f', destination: '/x/f' },
      ]),
      /files\[1\]: \/opt\/b\/l is a link of stack\.bundles\[0\]\.files\[0\] already, and can’t be a folder; .*files\[2\]: \/opt\/b\/d is a folder of stack\.bundles\[0\]\.files\[0\] already; .*files\[4\]: \/x\/f is a file of stack\.bundles\[0\]\.files\[3\] already/,
    );
  });

  test('are read from files and folders of the template’s archive only, never through a link', async () => {
    const filesDir = await filesWith({ 'tree/a': 'a', 'f.tar/x': 'x' });
    await mkdir(join(filesDir, 'tree/empty'));
    await symlink('/etc/passwd', join(filesDir, 'tree/link'));
    await symlink('tree', join(filesDir, 'p'));
    await symlink('f.tar', join(filesDir, 'l.tar'));
    const links = await layOut(filesDir, [
      { name: 'tree', source: 'tree' },
      { name: 'p', source: 'p', rights: '600' },
    ]);
    assert.deepEqual((await listed(links)).slice(3), [
      'drwxr-xr-x 0/0 0 2023-11-14 opt/b/tree/empty',
      '-rwxr-xr-x 0/0 1 2023-11-14 opt/b/tree/a',
      'lrwxrwxrwx 0/0 0 2023-11-14 opt/b/p -> tree',
      'lrwxrwxrwx 0/0 0 2023-11-14 opt/b/tree/link -> /etc/passwd',
    ]);
    assert.deepEqual(
      links.placed.map(({ rights }) => rights),
      [undefined, undefined],
    );
    await refused(
      layOut(filesDir, [
        { name: 'f', source: 'f.tar', extract: true },
        { name: 'l', source: 'l.tar', extract: true },
      ]),
      /files\[0\]: “f\.tar” is no archive.*files\[1\]: “l\.tar” is no archive/,
    );
    const changed = await filesWith({ a: 'a' });
    const tree = await layOut(changed, [{ name: 'a', source: 'a' }]);
    await rm(join(changed, 'a'));
    await symlink('/etc/hostname', join(changed, 'a'));
    await assert.rejects(writeBundles(tree, { file: join(changed, 'out.tar'), epoch, signal }), /ELOOP/);
  });

  test('leave no process and no rejection behind when the build is cancelled in the middle of them', async () => {
    const filesDir = await filesWith({
      'a.tar.gz': gzipSync(await tar([{ name: 'a', text: 'x'.repeat(900_000) }])),
    });
    const tree = await layOut(filesDir, [{ name: 'a', source: 'a.tar.gz', extract: true }]);
    const reason = new Error('cancelled');
    const file = join(filesDir, 'out.tar');
    await assert.rejects(writeBundles(tree, { file, epoch, signal: AbortSignal.abort(reason) }), reason);
  });
});

suite('files for the root', () => {
  test('are one tar with the folders they are in', async () => {
    const folder = await mkdtemp(join(root, 'overlay-'));
    const file = join(folder, 'overlay.tar');
    await writeFile(join(folder, '0'), 'a package');
    const files = [
      { path: '/etc/motd', mode: 0o644, content: 'Ho\n' },
      { path: '/root/.ssh/authorized_keys', mode: 0o600, content: 'key' },
      { path: 'hashes', mode: 0o600, content: new Uint8Array() },
    ];
    await writeOverlay({
      file,
      files,
      taken: [{ path: 'debs/0.deb', from: join(folder, '0') }],
      epoch,
      signal,
    });
    const { stdout } = await run('tar', ['--utc', '--numeric-owner', '-tvf', file]);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/ +/g, ' ').replace(' 22:13 ', ' ')),
      [
        'drwxr-xr-x 0/0 0 2023-11-14 etc',
        '-rw-r--r-- 0/0 3 2023-11-14 etc/motd',
        'drwxr-xr-x 0/0 0 2023-11-14 root',
        'drwx------ 0/0 0 2023-11-14 root/.ssh',
        '-rw------- 0/0 3 2023-11-14 root/.ssh/authorized_keys',
        '-rw------- 0/0 0 2023-11-14 hashes',
        'drwxr-xr-x 0/0 0 2023-11-14 debs',
        '-rw-r--r-- 0/0 9 2023-11-14 debs/0.deb',
      ],
    );
  });

  test('can’t have a path that leads out of it', async () => {
    for (const path of ['/etc/../../x', '../x', 'a\nb', '']) {
      const file = join(await mkdtemp(join(root, 'bad-')), 'overlay.tar');
      const files = [{ path, mode: 0o644, content: '' }];
      await refused(
        writeOverlay({ file, files, epoch, signal }),
        /^A file of the image has a path that can’t be: /,
      );
    }
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { planBundles } from '../../../src/forge/build/plan/bundles.ts';
import { layOutBundles } from '../../../src/forge/build/root/bundleTree.ts';
import { extractArchive, HostileArchive } from '../../../src/forge/build/root/extract.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const limits = { bytes: 1024 ** 2, files: 50 };

let root = '';
before(async () => (root = await mkdtemp(join(tmpdir(), 'extract-test-'))));
after(() => rm(root, { recursive: true, force: true }));

type Entry = Partial<Header> & { readonly name: string; readonly text?: string };

async function tar(entries: readonly Entry[]): Promise<Buffer> {
  const made = pack();
  for (const { text, ...header } of entries) made.entry(header, text ?? '');
  made.finalize();
  return buffer(made);
}

async function fileWith(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(root, 'a-')), name);
  await writeFile(path, bytes);
  return path;
}

const template = { stack: { name: 'a', version: '1', os: { name: 'Debian', version: '12', arch: 'amd64' } } };
const release = { version: '12', codename: 'bookworm' };
const format = { name: 'QCOW2', imageFormat: 'qcow2', type: 'virtual', description: '' } as const;

suite('an archive of a bundle', () => {
  test('comes out whole, whatever it is compressed with', async () => {
    const source = join(root, 'source');
    await mkdir(join(source, 'bin'), { recursive: true });
    await writeFile(join(source, 'bin/tool'), '#!/bin/sh\n', { mode: 0o755 });
    await writeFile(join(source, 'a file'), 'text');
    await symlink('../a file', join(source, 'bin/link'));
    for (const [name, ...command] of [
      ['a.tar', 'tar', '-cf'],
      ['a.tar.gz', 'tar', '-czf'],
      ['a.tgz', 'tar', '-czf'],
      ['a.tar.bz2', 'tar', '-cjf'],
      ['a.tar.xz', 'tar', '-cJf'],
      ['a.zip', 'python3', '-c', zip],
    ] as const) {
      const file = join(root, name);
      const [program, ...args] = command;
      await run(program, [...args, file, '.'], { cwd: source });
      const folder = join(root, `out-${name}`);
      await extractArchive(file, folder, signal);
      assert.equal(await readFile(join(folder, 'a file'), 'utf8'), 'text', name);
      assert.equal((await stat(join(folder, 'bin/tool'))).mode & 0o777, 0o755, name);
      if (name !== 'a.zip') assert.equal(await readlink(join(folder, 'bin/link')), '../a file', name);
    }
    const single = await fileWith('words.txt.gz', gzipSync('words'));
    await extractArchive(single, join(root, 'single'), signal);
    assert.equal(await readFile(join(root, 'single/words.txt'), 'utf8'), 'words');
  });

  const million = Array.from({ length: 51 }, (_, index): Entry => ({ name: `f${index}` }));
  const hostile: readonly (readonly [string, readonly Entry[], RegExp])[] = [
    ['an absolute path', [{ name: '/etc/passwd', text: 'x' }], /“\/etc\/passwd” leads out/],
    ['a path upwards', [{ name: 'a/../../x', text: 'x' }], /leads out/],
    ['a link out', [{ name: 'l', type: 'symlink', linkname: '../../etc' }], /link “l” leads out/],
    ['an absolute link', [{ name: 'l', type: 'symlink', linkname: '/etc' }], /link “l” leads out/],
    [
      'a path through a link',
      [
        { name: 'd/l', type: 'symlink', linkname: '..' },
        { name: 'd/l/m', text: 'x' },
      ],
      /goes through the link/,
    ],
    ['a hard link out', [{ name: 'l', type: 'link', linkname: '../../etc/passwd' }], /leads out/],
    [
      'a device',
      [{ name: 'd', type: 'character-device', devmajor: 1, devminor: 3 }],
      /is a character-device/,
    ],
    ['a pipe', [{ name: 'p', type: 'fifo' }], /is a fifo/],
    ['a million files', million, /more than 50 files/],
    ['a bomb', [{ name: 'big', text: 'x'.repeat(1024 ** 2 + 1) }], /larger than 1 MB/],
  ];
  for (const [what, entries, message] of hostile) {
    test(`with ${what} is refused`, async () => {
      const file = await fileWith(
        'h.tar.gz',
        gzipSync(await tar([{ name: 'good', text: 'good' }, ...entries])),
      );
      const folder = await mkdtemp(join(root, 'h-'));
      await assert.rejects(extractArchive(file, folder, signal, limits), (error: unknown) => {
        assert.ok(error instanceof HostileArchive, String(error));
        assert.match(error.message, message);
        return true;
      });
      assert.deepEqual(await readdir(folder), [], 'nothing is written');
    });
  }

  for (const [what, message] of [
    ['an absolute path', /invalid|absolute path|leads out/i],
    ['a path upwards', /invalid|leads out/i],
    ['a link out', /is a link|leads out/],
    ['a million files', /more than 50 files/],
    ['a bomb', /larger than 1 MB/],
    ['a bomb that lies', /larger than 1 MB|damaged/],
  ] as const) {
    test(`a zip with ${what} is refused`, async () => {
      const file = join(await mkdtemp(join(root, 'z-')), 'h.zip');
      await run('python3', ['-c', hostileZip, file, what]);
      const folder = await mkdtemp(join(root, 'h-'));
      await assert.rejects(extractArchive(file, folder, signal, limits), (error: unknown) => {
        assert.ok(error instanceof HostileArchive, String(error));
        assert.match(error.message, message);
        return true;
      });
      // What lies is found out when it is written; the build's folder goes with it.
      if (what !== 'a bomb that lies') assert.deepEqual(await readdir(folder), [], 'nothing is written');
      await assert.rejects(stat(join(folder, '../escaped')));
      await assert.rejects(stat('/tmp/forge-extract-escaped'));
    });
  }

  test('that is none is refused', async () => {
    for (const name of ['x.tar.gz', 'x.tar.xz', 'x.zip', 'x.tar.bz2', 'x.gz']) {
      const file = await fileWith(name, Buffer.from('this is no archive'));
      await assert.rejects(extractArchive(file, join(root, `none-${name}`), signal), HostileArchive, name);
    }
    const whole = gzipSync(await tar([{ name: 'a', text: 'x'.repeat(5000) }]));
    const half = await fileWith('half.tar.gz', whole.subarray(0, whole.length / 2));
    await assert.rejects(extractArchive(half, join(root, 'half'), signal), /damaged/);
  });

  test('is named with its bundle, with all else that is wrong, and nothing of it is laid out', async () => {
    const filesDir = await mkdtemp(join(root, 'files-'));
    await writeFile(join(filesDir, 'h.tar'), await tar([{ name: 'good' }, { name: '../x', text: 'x' }]));
    await writeFile(join(filesDir, 'sum'), 'x');
    const bundle = {
      name: 'b',
      version: '1',
      destination: '/opt/b',
      files: [
        { name: 'h.tar', source: 'h.tar', extract: true },
        { name: 'sum', source: 'sum', md5sum: '0'.repeat(32) },
        { name: 'none', source: 'none' },
      ],
    };
    const bundles = planBundles({ stack: { ...template.stack, bundles: [bundle] } }, release, format);
    const folder = join(root, 'laid-out');
    await assert.rejects(layOutBundles({ bundles, filesDir, folder, signal }), (error: unknown) => {
      assert.ok(error instanceof Error);
      assert.match(
        error.message,
        /files\[0\]: the archive “h\.tar” is refused: the path “\.\.\/x” leads out/,
      );
      assert.match(error.message, /files\[1\]: sum has the md5 sum 9dd4e461268c8034f5c8564e155c67a6/);
      assert.match(error.message, /files\[2\]: the template archive has no file “none”/);
      return true;
    });
    assert.deepEqual(await readdir(folder), ['opt']);
    assert.deepEqual(await readdir(join(folder, 'opt/b')), ['sum']);
  });
});

/** Python's zipfile keeps the mode bits; it is what Debian has. */
const zip = `
import os, sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    for folder, _, names in os.walk(sys.argv[2]):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.islink(path): z.write(path, os.path.relpath(path, sys.argv[2]))
`;

/** Zips no honest packer writes. The bomb that lies says in its headers that it is small. */
const hostileZip = `
import stat, sys, zipfile
what = sys.argv[2]
with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('good', 'good')
    if what == 'an absolute path': z.writestr('/tmp/forge-extract-escaped', 'x')
    if what == 'a path upwards': z.writestr('a/../../escaped', 'x')
    if what == 'a link out':
        link = zipfile.ZipInfo('l'); link.create_system = 3; link.external_attr = (stat.S_IFLNK | 0o777) << 16
        z.writestr(link, '../../etc')
    if what == 'a million files':
        for n in range(51): z.writestr(f'f{n}', '')
    if what.startswith('a bomb'): z.writestr('big', 'x' * (1024 ** 2 + 1))
if what == 'a bomb that lies':
    bytes = open(sys.argv[1], 'rb').read().replace((1024 ** 2 + 1).to_bytes(4, 'little'), (7).to_bytes(4, 'little'))
    open(sys.argv[1], 'wb').write(bytes)
`;

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { inspectArchive } from '../../../src/builder/root/extract.ts';
import { bundleBudget, bundleLimits, HostileArchive } from '../../../src/builder/root/hostileArchive.ts';

const run = promisify(execFile);
const signal = new AbortController().signal;
const limits = { bytes: 1024 ** 2, files: 50 };

let root = '';
before(async () => (root = await mkdtemp(join(tmpdir(), 'extract-test-'))));
after(() => rm(root, { recursive: true, force: true }));

async function fileWith(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(root, 'a-')), name);
  await writeFile(path, bytes);
  return path;
}

const inspect = (file: string, within = limits) => inspectArchive(file, bundleBudget(within), signal);

async function refuses(file: string, message: RegExp): Promise<void> {
  await assert.rejects(inspect(file), (error: unknown) => {
    assert.ok(error instanceof HostileArchive, String(error));
    assert.match(error.message, message);
    return true;
  });
}

suite('an archive of a bundle', () => {
  test('is read whole, whatever it is compressed with', async () => {
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
      const entries = await inspect(file);
      const shown = entries.map((entry) =>
        entry.kind === 'file' ? `${entry.path} ${entry.mode.toString(8)} ${entry.size}` : entry.path,
      );
      const others = name === 'a.zip' ? [] : ['bin', 'bin/link'];
      assert.deepEqual(shown.sort(), ['a file 644 4', ...others, 'bin/tool 755 10'].sort(), name);
      const link = entries.find(({ kind }) => kind === 'symlink');
      if (name !== 'a.zip')
        assert.deepEqual(link, { kind: 'symlink', path: 'bin/link', target: '../a file' });
    }
    const single = await fileWith('words.txt.gz', gzipSync('words'));
    const words = { kind: 'file', path: 'words.txt', mode: 0o644, size: 5, index: 0 };
    assert.deepEqual(await inspect(single), [words]);
  });

  test('may have links and hard links that stay inside, also one through the other', async () => {
    const file = await fileWith(
      'l.tar',
      await tar([
        { name: 'lib/v1/x', text: 'x' },
        { name: 'lib/current', type: 'symlink', linkname: 'v1' },
        { name: 'up', type: 'symlink', linkname: 'lib/current/..' },
        { name: 'bin/x', type: 'symlink', linkname: '../up/current/x' },
        { name: 'y', type: 'link', linkname: './lib/v1/x' },
        // As every virtualenv has them: where they lead is the image's own way.
        { name: 'bin/python3', type: 'symlink', linkname: '/usr/bin/../bin/python3' },
        { name: 'bin/python', type: 'symlink', linkname: 'python3/../../..' },
      ]),
    );
    const entries = await inspect(file);
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['file', 'symlink', 'symlink', 'symlink', 'hardLink', 'symlink', 'symlink'],
    );
    const python = { kind: 'symlink', path: 'bin/python3', target: '/usr/bin/../bin/python3' };
    assert.deepEqual(entries[5], python);
  });

  test('is there as it was last, where something is in it twice', async () => {
    const twice = [
      { name: 'a', text: 'one' },
      { name: './a', text: 'three' },
    ];
    const found = await inspect(await fileWith('t.tar', await tar(twice)));
    assert.deepEqual(found, [{ kind: 'file', path: 'a', mode: 0o644, size: 5, index: 1 }]);
  });

  test('is not opened through a link', async () => {
    const file = join(await mkdtemp(join(root, 'l-')), 'l.tar');
    await symlink(await fileWith('real.tar', await tar([{ name: 'a' }])), file);
    await assert.rejects(inspect(file), /ELOOP/);
  });

  const million = Array.from({ length: 51 }, (_, index): TarEntry => ({ name: `f${index}` }));
  const hostile: readonly (readonly [string, readonly TarEntry[], RegExp])[] = [
    ['an absolute path', [{ name: '/etc/passwd', text: 'x' }], /“\/etc\/passwd” leads out/],
    ['a path upwards', [{ name: 'a/../../x', text: 'x' }], /leads out/],
    ['a link out', [{ name: 'l', type: 'symlink', linkname: '../../etc' }], /link “l” leads out/],
    [
      'a path through a link',
      [
        { name: 'd/l', type: 'symlink', linkname: '..' },
        { name: 'd/l/m', text: 'x' },
      ],
      /goes through the link/,
    ],
    [
      'links that lead out together',
      [
        { name: 'x/y', type: 'symlink', linkname: '..' },
        { name: 'x/out', type: 'symlink', linkname: 'y/..' },
      ],
      /link “x\/out” leads out of it, to “y\/\.\.”/,
    ],
    [
      'links that lead out together, the later one first',
      [
        { name: 'b/c/l2', type: 'symlink', linkname: '../../a/l1/..' },
        { name: 'a/l1', type: 'symlink', linkname: '../d' },
        { name: 'd', type: 'symlink', linkname: '.' },
      ],
      /link “b\/c\/l2” leads out/,
    ],
    [
      'a path through a link that comes later',
      [
        { name: 'd/l/m', text: 'x' },
        { name: 'd/l', type: 'symlink', linkname: '..' },
      ],
      /“d\/l\/m” goes through the link “d\/l”/,
    ],
    [
      'a link to itself',
      [
        { name: 'a', type: 'symlink', linkname: 'b' },
        { name: 'b', type: 'symlink', linkname: 'a' },
      ],
      /more than 40 others, or to itself/,
    ],
    [
      'a chain of links',
      Array.from({ length: 45 }, (_, at): TarEntry => ({
        name: `l${at}`,
        type: 'symlink',
        linkname: `l${at + 1}`,
      })),
      /more than 40 others/,
    ],
    ['a hard link out', [{ name: 'l', type: 'link', linkname: '../../etc/passwd' }], /leads out/],
    [
      'a hard link to nothing',
      [{ name: 'l', type: 'link', linkname: 'etc/passwd' }],
      /which is no file in it/,
    ],
    [
      'a hard link through a link',
      [
        { name: 'd', type: 'symlink', linkname: '.' },
        { name: 'l', type: 'link', linkname: 'd/good' },
      ],
      /the hard link “l” goes through the link “d”/,
    ],
    [
      'a hard link to a link',
      [
        { name: 'd', type: 'symlink', linkname: 'good' },
        { name: 'l', type: 'link', linkname: 'd' },
      ],
      /the hard link “l” goes through the link “d”/,
    ],
    [
      'a file that is a folder, too',
      [
        { name: 'a', text: 'x' },
        { name: 'a/b', text: 'x' },
      ],
      /“a\/b” is below “a”, which is no folder/,
    ],
    [
      'a folder that is a file, too',
      [
        { name: 'a', type: 'directory' },
        { name: 'a', text: 'x' },
      ],
      /“a” is in it as a folder and as something else/,
    ],
    [
      'a control character in a name',
      [{ name: 'a\x1fb', text: 'x' }],
      /a name in it has a control character/,
    ],
    ['a line break in a name', [{ name: 'a\nb', text: 'x' }], /a name in it has a control character/],
    ['a name no file has', [{ name: 'n'.repeat(256), text: 'x' }], /longer than there can be/],
    ['folders without end', [{ name: 'd/'.repeat(200), type: 'directory' }], /longer than there can be/],
    ['folders nobody counts', [{ name: `${'d/'.repeat(60)}f`, text: 'x' }], /more than 50 files/],
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
      await refuses(file, message);
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
      await refuses(file, message);
    });
  }

  test('with padding that has no end is refused', async () => {
    const file = await fileWith('z.tar.gz', gzipSync(Buffer.alloc(limits.bytes + limits.files * 2048 + 512)));
    await refuses(file, /larger than 1 MB/);
  });

  test('shares its limits with those before it', async () => {
    const half = await fileWith('half.tar', await tar([{ name: 'a', text: 'x'.repeat(600 * 1024) }]));
    const budget = bundleBudget(limits);
    await inspectArchive(half, budget, signal);
    await assert.rejects(
      inspectArchive(half, budget, signal),
      /with all that is before it, it is larger than 1 MB/,
    );
  });

  test('that is none is refused', async () => {
    for (const name of ['x.tar.gz', 'x.tar.xz', 'x.zip', 'x.tar.bz2', 'x.gz']) {
      const file = await fileWith(name, Buffer.from('this is no archive'));
      await assert.rejects(inspect(file, bundleLimits), HostileArchive, name);
    }
    const whole = gzipSync(await tar([{ name: 'a', text: 'x'.repeat(5000) }]));
    const half = await fileWith('half.tar.gz', whole.subarray(0, whole.length / 2));
    await assert.rejects(inspect(half), /damaged/);
  });

  test('that asks for more memory than any needs is refused', async () => {
    const file = join(root, 'large.xz');
    await run('sh', ['-c', 'echo x | xz --lzma2=preset=0,dict=1GiB > "$0"', file]);
    await refuses(file, /damaged: .*Memory usage limit/);
  });

  test('that is one compressed file has a name when that is taken off', async () => {
    for (const name of ['.gz', '..gz', '...gz']) {
      await assert.rejects(inspect(await fileWith(name, gzipSync('x'))), HostileArchive, name);
    }
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
import { tar, type TarEntry } from '../../support/tar.ts';

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

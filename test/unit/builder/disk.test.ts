import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import { chunksOf } from '../../../src/builder/disk/blockMap.ts';
import { copySparse } from '../../../src/builder/disk/copySparse.ts';
import { compressPieces } from '../../../src/builder/disk/compressPieces.ts';
import { writeArchive } from '../../../src/builder/disk/archive.ts';
import { gzipFile } from '../../../src/builder/disk/gzipFile.ts';
import { ovfDescriptor } from '../../../src/builder/disk/ovf.ts';
import { convertWithQemuImg } from '../../../src/builder/disk/qemuImg.ts';
import { writeSparseTarGz } from '../../../src/builder/disk/sparseTarGz.ts';
import { stampVdi, stampVhd, stampVhdx } from '../../../src/builder/disk/stamp.ts';
import { writeStreamOptimizedVmdk } from '../../../src/builder/disk/vmdk.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';

const run = promisify(execFile);
const megabyte = 2 ** 20;

suite('disks', () => {
  let folder = '';
  let disk = '';
  const signal = new AbortController().signal;
  const sandbox = new Sandbox(signal, () => undefined);

  /** 200 MB, nearly all of it holes: data at the start, across a grain's border, in another table, at the very end. */
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forge-disk-'));
    disk = join(folder, 'disk.raw');
    await using file = await open(disk, 'w');
    await file.truncate(200 * megabyte);
    await file.write(randomBytes(70_000), 0, 70_000, 0);
    await file.write(Buffer.alloc(200_000, 'text '), 0, 200_000, 10 * megabyte + 65_000);
    await file.write(randomBytes(megabyte), 0, megabyte, 100 * megabyte + 123);
    await file.write(Buffer.from('the end'), 0, 7, 200 * megabyte - 7);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const compress of [true, false]) {
    test(`a streamOptimized VMDK holds what the disk holds (compress ${compress})`, async () => {
      const target = join(folder, `disk-${compress}.vmdk`);
      const steps: number[] = [];
      await writeStreamOptimizedVmdk({
        ...{ source: disk, target, compress, sandbox, signal, contentId: '0badcafe' },
        onProgress: (done, total) => steps.push(done / total),
      });
      await run('qemu-img', ['check', target]);
      await run('qemu-img', ['compare', '-f', 'raw', '-F', 'vmdk', disk, target]);
      assert.equal(steps.at(-1), 1);
    });
  }

  test('a streamOptimized VMDK is the same every time, and qemu-img makes the disk out of it again', async () => {
    const targets = ['first', 'second'].map((name) => join(folder, name, 'disk.vmdk'));
    for (const target of targets) {
      await mkdir(join(target, '..'));
      await writeStreamOptimizedVmdk({
        ...{ source: disk, target, compress: true, sandbox, signal, contentId: '0badcafe' },
        onProgress: () => undefined,
      });
    }
    await run('cmp', targets);
    const back = join(folder, 'back.raw');
    await run('qemu-img', ['convert', '-f', 'vmdk', '-O', 'raw', targets[0] ?? '', back]);
    await run('cmp', [disk, back]);
  });

  test('a copy has the same bytes and holes, and nothing in common with what it was made from', async () => {
    const target = join(folder, 'copy.raw');
    const steps: number[] = [];
    await copySparse({
      ...{ source: disk, target, sandbox, signal },
      onProgress: (done, total) => steps.push(done / total),
    });
    await run('cmp', [disk, target]);
    const [original, copy] = await Promise.all([stat(disk), stat(target)]);
    assert.notEqual(copy.ino, original.ino);
    assert.ok(copy.blocks <= original.blocks + 16, `${copy.blocks} blocks`);
    assert.ok(steps.length === 0 || steps.at(-1) === 1);
  });

  for (const compress of [true, false]) {
    test(`a QCOW2 holds what the disk holds, and is the same every time (compress ${compress})`, async () => {
      const targets = [1, 2].map((n) => join(folder, `disk-${compress}-${n}.qcow2`));
      for (const target of targets) {
        const request = { source: disk, target, sandbox, signal, onProgress: () => undefined };
        await convertWithQemuImg(request, 'qcow2', 'compression_type=zstd', compress);
      }
      const [first = '', second = ''] = targets;
      await run('qemu-img', ['check', first]);
      await run('qemu-img', ['compare', '-f', 'raw', '-F', 'qcow2', disk, first]);
      await run('cmp', [first, second]);
    });
  }

  const stamp = { id: Buffer.from('0123456789abcdef'), epoch: Date.UTC(2026, 0, 2) / 1000 };
  for (const { format, options, write } of [
    { format: 'vpc', options: 'subformat=fixed,force_size=on', write: stampVhd },
    { format: 'vpc', options: 'subformat=dynamic,force_size=on', write: stampVhd },
    { format: 'vhdx', options: 'subformat=dynamic', write: stampVhdx },
    { format: 'vdi', options: 'static=off', write: stampVdi },
  ] as const) {
    test(`a ${format} disk (${options}) is the same every time, and qemu-img reads it`, async () => {
      const targets = [1, 2].map((n) => join(folder, `disk-${options}-${n}.${format}`));
      for (const target of targets) {
        const request = { source: disk, target, sandbox, signal, onProgress: () => undefined };
        await convertWithQemuImg(request, format, options);
        await write(target, stamp);
      }
      const [first = '', second = ''] = targets;
      await run('qemu-img', ['compare', '-f', 'raw', '-F', format, disk, first]);
      await run('cmp', [first, second]);
    });
  }

  test('an archive has its files in order and can name their hashes', async () => {
    const target = join(folder, 'archive.tar');
    await writeArchive({
      files: [
        { name: 'a.sh', content: Buffer.from('exit 0'), executable: true },
        { name: 'disk', content: { path: disk } },
        {
          name: 'sums',
          content: (hashes) => Buffer.from([...hashes].map(([n, h]) => `${h}  ${n}\n`).join('')),
        },
      ],
      target,
      epoch: 0,
      signal,
      onProgress: () => undefined,
    });
    const { stdout } = await run('tar', ['-tf', target]);
    assert.deepEqual(stdout.trim().split('\n'), ['a.sh', 'disk', 'sums']);
    const out = join(folder, 'unpacked');
    await run('sh', [
      '-c',
      'mkdir "$2" && tar -C "$2" -xf "$1" && cd "$2" && sha256sum -c sums && ./a.sh',
      'sh',
      target,
      out,
    ]);
  });

  test('a gzip of many members unpacks to the disk', async () => {
    const target = join(folder, 'disk.gz');
    await gzipFile({ source: disk, target, sandbox, signal, onProgress: () => undefined });
    await run('sh', ['-c', 'gunzip < "$1" | cmp - "$2"', 'sh', target, disk]);
  });

  test('a disk in a tar.gz has its holes, its name and its date, and is the same every time', async () => {
    const targets = ['one', 'two'].map((name) => join(folder, `${name}.tar.gz`));
    for (const target of targets) {
      const request = { source: disk, target, sandbox, signal, onProgress: () => undefined };
      await writeSparseTarGz(request, 'disk.raw', 1_500_000_000);
    }
    await run('cmp', targets);
    const into = join(folder, 'from-tar');
    await mkdir(into);
    const { stderr } = await run('tar', ['-C', into, '--warning=all', '-xzf', targets[0] ?? '']);
    assert.equal(stderr, '');
    await run('cmp', [join(into, 'disk.raw'), disk]);
    const { mtimeMs, mode, blocks } = await stat(join(into, 'disk.raw'));
    assert.deepEqual([mtimeMs, mode & 0o777], [1_500_000_000_000, 0o644]);
    assert.ok(blocks * 512 < 10 * megabyte, `${blocks} blocks`);
  });

  test('a map of many holes goes on in blocks of its own, and a disk may be larger than 8 GiB', async () => {
    const many = join(folder, 'many.raw');
    const size = 9 * 1024 * megabyte;
    await using file = await open(many, 'w');
    await file.truncate(size);
    for (let index = 0; index < 60; index++) await file.write(`piece ${index}`, index * 150 * megabyte + 17);
    await file.write('last', size - 4);
    const target = join(folder, 'many.tar.gz');
    await writeSparseTarGz(
      { source: many, target, sandbox, signal, onProgress: () => undefined },
      'disk.raw',
      0,
    );
    const into = join(folder, 'many');
    await mkdir(into);
    await run('tar', ['-C', into, '-xzf', target]);
    await run('qemu-img', ['compare', '-f', 'raw', '-F', 'raw', many, join(into, 'disk.raw')]);
    assert.equal((await stat(join(into, 'disk.raw'))).size, size);
  });

  test('an abort before an archive or in the middle of it is an abort, and ends nothing else', async () => {
    for (const moment of ['before', 'in the middle']) {
      const abort = new AbortController();
      if (moment === 'before') abort.abort();
      const writing = writeArchive({
        files: [
          { name: 'small', content: Buffer.from('small') },
          { name: 'disk.raw', content: { path: disk } },
        ],
        target: join(folder, 'aborted.tar'),
        epoch: 0,
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      await assert.rejects(writing, { name: 'AbortError' }, moment);
      // An error nobody listens to would end this process in the next rounds of the loop.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  test('an abort stops a conversion', async () => {
    const abort = new AbortController();
    abort.abort();
    const target = join(folder, 'aborted.gz');
    await assert.rejects(
      gzipFile({ source: disk, target, sandbox, signal: abort.signal, onProgress: () => undefined }),
      { name: 'AbortError' },
    );
  });

  test('an OVF is well-formed whatever the appliance is called', async () => {
    const name = 'a <b> & "c"';
    const ovf = ovfDescriptor({
      name,
      memorySize: 512,
      cpus: 1,
      hardware: { family: 'vmx-09', controller: 'lsilogic', card: 'VmxNet3' },
      cards: ['eth0', 'eth1'],
      disks: [
        { fileName: 'x.vmdk', fileSize: 1, size: 2 },
        { fileName: 'y.vmdk', fileSize: 1, size: 2 },
      ],
    });
    const { stdout } = await promisify((done: (error: Error | null, result: { stdout: string }) => void) => {
      const child = execFile(
        'xmllint',
        ['--xpath', "string(//*[local-name()='Name'])", '-'],
        (error, stdout) => done(error, { stdout }),
      );
      child.stdin?.end(ovf);
    })();
    assert.equal(stdout.trim(), name);
  });

  test('chunks of neighbouring extents come once', () => {
    const extents = [
      { start: 5, length: 10 },
      { start: 18, length: 3 },
      { start: 40, length: 1 },
    ];
    assert.deepEqual([...chunksOf(extents, 10)], [0, 1, 2, 4]);
  });

  /** Pieces of `disk`, decompressed. */
  const piecesOf = async (
    pieces: Iterable<number>,
    pieceSize: number,
  ): Promise<[number, Buffer | undefined][]> => {
    const found: [number, Buffer | undefined][] = [];
    const compression = { method: 'zlib', level: 1, pieceSize, isPadded: false } as const;
    for await (const { index, bytes } of compressPieces({ source: disk, pieces, signal, ...compression })) {
      found.push([index, bytes === undefined ? undefined : inflateSync(bytes)]);
    }
    return found;
  };

  test('pieces come in the order they were asked for, whichever thread is done first', async () => {
    const content = await readFile(disk);
    const size = 2 ** 16;
    const wanted = Array.from({ length: 200 * 16 }, (_, index) => index).filter((index) => index % 7 !== 0);
    const found = await piecesOf(wanted, size);
    assert.deepEqual(
      found.map(([index]) => index),
      wanted,
    );
    for (const [index, bytes] of found) {
      const expected = content.subarray(index * size, (index + 1) * size);
      assert.ok(
        bytes === undefined ? expected.equals(Buffer.alloc(size)) : bytes.equals(expected),
        `${index}`,
      );
    }
  });

  test('the last piece of a file ends where the file ends', async () => {
    const [[, last] = []] = await piecesOf([2], 99 * megabyte);
    assert.equal(last?.length, 2 * megabyte);
    assert.equal(last.subarray(-7).toString(), 'the end');
  });

  test('a file that is shorter than it was ends the work with a sentence, and so does whoever cancels', async () => {
    await assert.rejects(piecesOf([1, 5000], megabyte), /disk\.raw has become shorter/);
    const controller = new AbortController();
    const compression = { method: 'zlib', level: 1, pieceSize: 2 ** 16, isPadded: true } as const;
    const pieces = Array.from({ length: 3000 }, (_, index) => index);
    const cancelled = async (): Promise<void> => {
      for await (const { index } of compressPieces({
        ...{ source: disk, pieces, signal: controller.signal },
        ...compression,
      })) {
        if (index === 100) controller.abort(new Error('cancelled'));
      }
    };
    await assert.rejects(cancelled(), /cancelled/);
  });
});

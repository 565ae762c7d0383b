import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  appendFile,
  chmod,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { disksOf, type Disks } from '../../../src/machines/disks.ts';
import { MachineError } from '../../../src/machines/machineError.ts';

const execute = promisify(execFile);
const onLinux = { skip: process.platform !== 'linux' };

let folder = '';
let cacheDir = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-disks-'));
  cacheDir = join(folder, 'cache');
});
after(() => rm(folder, { recursive: true, force: true }));

async function disksIn(path: string): Promise<{ disks: Disks; said: readonly string[] }> {
  const said: string[] = [];
  const disks = await disksOf(path, { cacheDir, progress: (message) => said.push(String(message)) });
  return { disks, said };
}

/** A disk of 8 MB with a text at 5 MB. */
async function disk(name: string, format: string): Promise<string> {
  const raw = join(folder, `${name}.source`);
  await using file = await open(raw, 'w');
  await file.truncate(8 * 2 ** 20);
  await file.write(name, 5 * 2 ** 20);
  const path = join(folder, name);
  await execute('qemu-img', ['convert', '-f', 'raw', '-O', format, raw, path]);
  return path;
}

async function tarOf(name: string, flags: string, ...files: readonly string[]): Promise<string> {
  const path = join(folder, name);
  await execute('tar', ['-C', folder, flags, path, ...files.map((file) => basename(file))]);
  return path;
}

async function textIn(path: string): Promise<string> {
  await using file = await open(path);
  const { buffer } = await file.read(Buffer.alloc(16), 0, 16, 5 * 2 ** 20);
  return buffer.toString().replaceAll('\0', '');
}

async function refused(path: string, message: RegExp): Promise<void> {
  await assert.rejects(disksIn(path), (error: unknown) => {
    assert.ok(error instanceof MachineError, String(error));
    assert.equal(error.kind, 'input');
    assert.match(error.message, message);
    return true;
  });
}

suite('the disks of an image', onLinux, () => {
  test('a disk file is read where it is', async () => {
    const path = await disk('plain.qcow2', 'qcow2');
    assert.deepEqual((await disksIn(path)).disks, { disks: [{ path, format: 'qcow2' }] });
  });

  test('what is in a disk file says its format, not its name', async () => {
    const path = await disk('cloud.img', 'qcow2');
    assert.equal((await disksIn(path)).disks.disks[0]?.format, 'qcow2');
    const fixed = join(folder, 'fixed.vhd');
    await execute('qemu-img', ['create', '-q', '-f', 'vpc', '-o', 'subformat=fixed', fixed, '8M']);
    assert.equal((await disksIn(fixed)).disks.disks[0]?.format, 'vpc');
  });

  test('an OVA is unpacked once, with progress, and anew when it has changed', async () => {
    const vmdk = await disk('one-disk1.vmdk', 'vmdk');
    const ovf = join(folder, 'one.ovf');
    await writeFile(ovf, '<Envelope/>');
    const ova = await tarOf('one.ova', '-cf', ovf, vmdk);
    const before = await readFile(ova);
    const first = await disksIn(ova);
    assert.equal(first.disks.disks[0]?.format, 'vmdk');
    assert.equal(first.said.at(-1), 'Unpacking one.ova: 100 %');
    const [unpacked] = first.disks.disks;
    assert.deepEqual(await readdir(join(cacheDir, 'machines', first.disks.uses ?? '')), ['one-disk1.vmdk']);
    const again = await disksIn(ova);
    assert.deepEqual(again.disks, first.disks);
    assert.deepEqual(again.said, []);
    assert.deepEqual(await readFile(ova), before, 'the image stays as it is');
    await appendFile(ova, Buffer.alloc(512));
    assert.notEqual((await disksIn(ova)).disks.disks[0]?.path, unpacked.path);
  });

  test('a compressed raw disk keeps its size and its holes', async () => {
    const path = await disk('sparse.raw', 'raw');
    await execute('gzip', ['-f', path]);
    const [unpacked] = (await disksIn(`${path}.gz`)).disks.disks;
    assert.equal(unpacked?.format, 'raw');
    const { size, blocks } = await stat(unpacked.path);
    assert.equal(size, 8 * 2 ** 20);
    assert.ok(blocks * 512 < 2 ** 20, 'holes');
    assert.equal(await textIn(unpacked.path), 'sparse.raw');
  });

  test('a raw disk with holes in a compressed tar', async () => {
    await disk('disk.raw', 'raw');
    const path = await tarOf('google.tar.gz', '-czSf', 'disk.raw');
    const [unpacked] = (await disksIn(path)).disks.disks;
    assert.equal((await stat(unpacked?.path ?? '')).size, 8 * 2 ** 20);
    assert.equal(await textIn(unpacked?.path ?? ''), 'disk.raw');
  });

  test('several disks come in the order of their numbers, compressed ones, too', async () => {
    for (const number of [10, 2, 1]) await execute('gzip', ['-f', await disk(`disk${number}.raw`, 'raw')]);
    const path = await tarOf('several.tar', '-cf', 'disk10.raw.gz', 'disk2.raw.gz', 'disk1.raw.gz');
    const { disks } = (await disksIn(path)).disks;
    assert.deepEqual(
      disks.map((each) => basename(each.path)),
      ['disk1.raw', 'disk2.raw', 'disk10.raw'],
    );
  });

  test('a disk that leads to a file of this computer is refused', async () => {
    const secret = join(folder, 'secret');
    await writeFile(secret, Buffer.alloc(2 ** 20));
    const path = join(folder, 'backed.qcow2');
    await execute('qemu-img', ['create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', secret, path]);
    await refused(path, /leads to another file, .*secret/);
    const flat = join(folder, 'flat.vmdk');
    await execute('qemu-img', ['create', '-q', '-f', 'vmdk', '-o', 'subformat=monolithicFlat', flat, '8M']);
    await refused(flat, /leads to another file/);
  });

  test('so is an archive whose disk is a link, one without a disk, and what is broken', async () => {
    await symlink('/etc/hostname', join(folder, 'linked.vmdk'));
    await refused(await tarOf('linked.ova', '-cf', 'linked.vmdk'), /There is no disk/);
    const broken = join(folder, 'broken.ova');
    await writeFile(broken, 'no tar at all');
    await refused(broken, /can’t be unpacked/);
    const cut = join(folder, 'cut.raw.gz');
    await writeFile(cut, (await readFile(join(folder, 'sparse.raw.gz'))).subarray(0, 100));
    await refused(cut, /can’t be unpacked/);
    await refused(join(folder, 'nowhere.qcow2'), /There is no file/);
    const left = (await readdir(join(cacheDir, 'machines'))).filter((name) => name.includes('.part'));
    assert.deepEqual(left, [], 'nothing half-done stays behind');
  });

  test('an archive does not say who may look into what it is unpacked to', async () => {
    const inner = join(folder, 'sealed');
    await mkdir(inner);
    await rename(await disk('sealed.vmdk', 'vmdk'), join(inner, 'sealed.vmdk'));
    await mkdir(join(inner, 'shut'));
    await writeFile(join(inner, 'shut', 'notes'), '');
    await chmod(join(inner, 'shut'), 0o000);
    await chmod(inner, 0o555);
    const path = join(folder, 'sealed.ova');
    await execute('tar', ['-C', inner, '-cf', path, '.']);
    await chmod(inner, 0o700);
    await chmod(join(inner, 'shut'), 0o700);
    const { uses = '' } = (await disksIn(path)).disks;
    const unpacked = join(cacheDir, 'machines', uses);
    assert.equal((await stat(unpacked)).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(unpacked), ['sealed.vmdk']);
  });

  test('an interrupted unpacking leaves nothing', async () => {
    const path = await tarOf('interrupted.ova', '-cf', await disk('interrupted.vmdk', 'vmdk'));
    const interruption = new AbortController();
    const progress = (): void => interruption.abort(new Error('enough'));
    await assert.rejects(disksOf(path, { cacheDir, progress, signal: interruption.signal }), /enough/);
    assert.ok((await readdir(join(cacheDir, 'machines'))).every((name) => !name.includes('.part')));
  });
});

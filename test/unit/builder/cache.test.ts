import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Cache } from '../../../src/builder/cache/cache.ts';
import { keyOfScrap, scrapName } from '../../../src/builder/cache/temporaryName.ts';
import { hashOfFiles } from '../../../src/builder/stages/hashOfFiles.ts';
import { dataExtents } from '../../../src/builder/disk/blockMap.ts';
import { Sandbox } from '../../../src/builder/sandbox/sandbox.ts';

suite('the cache of stage outputs', () => {
  let folder: string;
  const never = new AbortController().signal;

  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'forge-cache-'))));
  afterEach(async () => await rm(folder, { recursive: true, force: true }));

  async function entry(name: string, size = 10): Promise<string> {
    const from = join(folder, `from-${name}`);
    await mkdir(from);
    await writeFile(join(from, 'file'), name.padEnd(size, '.'));
    return from;
  }

  const cacheFolder = (): string => join(folder, 'cache');

  test('gives back what was kept, and nothing else', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    assert.equal(await cache.take('roots', 'a', join(folder, 'none')), false);
    await cache.keep('roots', 'a', await entry('a'));
    assert.equal(await cache.has('roots', 'a'), true);
    assert.equal(await cache.has('disks', 'a'), false);
    assert.equal(await cache.take('roots', 'a', join(folder, 'into')), true);
    assert.match(await readFile(join(folder, 'into/file'), 'utf8'), /^a/);
  });

  const damages: Readonly<Record<string, (entry: string) => Promise<void>>> = {
    'one flipped bit in a file': async (entry) => {
      await using file = await open(join(entry, 'disk1.raw'), 'r+');
      const byte = Buffer.alloc(1);
      await file.read(byte, 0, 1, 3 * 2 ** 20 + 7);
      byte[0] = (byte[0] ?? 0) ^ 1;
      await file.write(byte, 0, 1, 3 * 2 ** 20 + 7);
    },
    'something in what was a hole': async (entry) => {
      await using file = await open(join(entry, 'disk1.raw'), 'r+');
      await file.write('x', 40 * 2 ** 20);
    },
    'a hole where data was': async (entry) => {
      await promisify(execFile)('fallocate', ['-p', '-o', '3MiB', '-l', '1MiB', join(entry, 'disk1.raw')]);
    },
    'a file that ends too early': (entry) => truncate(join(entry, 'disk1.raw'), 63 * 2 ** 20),
    'a file that is missing': (entry) => rm(join(entry, 'packages.json')),
    'a file too many': (entry) => writeFile(join(entry, 'disk2.raw'), ''),
    'no checksums, as in the cache of an older forge': (entry) => rm(join(entry, 'sums.json')),
    'checksums that are cut off': (entry) => truncate(join(entry, 'sums.json'), 10),
  };
  for (const [title, damage] of Object.entries(damages)) {
    test(`an entry with ${title} is not taken: it goes, and is made anew`, async () => {
      const log: string[] = [];
      const sandbox = new Sandbox(never, () => undefined);
      const cache = new Cache(cacheFolder(), 1e9, {
        extents: (file) => dataExtents(file, sandbox),
        log: (line) => log.push(line),
      });
      const from = join(folder, 'from');
      await mkdir(from);
      await writeFile(join(from, 'packages.json'), '[]');
      await writeFile(join(from, 'disk1.raw'), Buffer.alloc(4 * 2 ** 20, 'data'));
      await truncate(join(from, 'disk1.raw'), 64 * 2 ** 20);
      await cache.keep('disks', 'a', from);
      assert.equal(await cache.take('disks', 'a', join(folder, 'whole')), true);
      assert.deepEqual((await readdir(join(folder, 'whole'))).sort(), ['disk1.raw', 'packages.json']);

      // A build works on links to the same file: this is another one.
      const entry = join(cacheFolder(), 'disks/a');
      await promisify(execFile)('cp', ['-r', '--sparse=always', entry, `${entry}.copy`]);
      await rm(entry, { recursive: true });
      await rename(`${entry}.copy`, entry);
      assert.equal(await cache.take('disks', 'a', join(folder, 'copied')), true);
      assert.deepEqual(log, []);

      await damage(entry);
      assert.equal(await cache.take('disks', 'a', join(folder, 'damaged')), false);
      assert.equal(await cache.has('disks', 'a'), false);
      assert.deepEqual((await readdir(folder)).sort(), ['cache', 'copied', 'from', 'whole']);
      assert.deepEqual(await readdir(join(cacheFolder(), 'disks')), []);
      assert.match(
        log.join('\n'),
        /^In the cache, disks\/a is damaged \(.+\): it is removed and made anew\.$/,
      );
      await cache.keep('disks', 'a', from);
      assert.equal(await cache.take('disks', 'a', join(folder, 'anew')), true);
    });
  }

  test('an entry is on the disk before it has its name, and then its name is', async (t) => {
    const from = await entry('a');
    await using handle = await open(join(from, 'file'), 'r');
    const files = Object.getPrototypeOf(handle) as FileHandle;
    const sync: (this: FileHandle) => Promise<void> = Reflect.get(files, 'sync');
    const hasName: boolean[] = [];
    t.mock.method(files, 'sync', async function (this: FileHandle) {
      hasName.push(existsSync(join(cacheFolder(), 'roots/a')));
      await sync.call(this);
    });
    await new Cache(cacheFolder(), 1e6).keep('roots', 'a', from);
    // The file, its sums, the names of both; the name of the entry.
    assert.deepEqual(hasName, [false, false, false, true]);
  });

  test('zeros are the same as holes: a copy that fills them is whole', async () => {
    const cache = new Cache(cacheFolder(), 1e9);
    const from = join(folder, 'from');
    await mkdir(from);
    await writeFile(join(from, 'disk1.raw'), 'begin');
    await truncate(join(from, 'disk1.raw'), 5 * 2 ** 20);
    await cache.keep('disks', 'a', from);
    const kept = join(cacheFolder(), 'disks/a/disk1.raw');
    await promisify(execFile)('cp', ['--sparse=never', kept, join(folder, 'filled')]);
    await rename(join(folder, 'filled'), kept);
    assert.equal(await cache.take('disks', 'a', join(folder, 'into')), true);
  });

  test('a check can be cancelled, and then nothing is removed', async () => {
    await new Cache(cacheFolder(), 1e6).keep('roots', 'a', await entry('a'));
    const cache = new Cache(cacheFolder(), 1e6, { signal: AbortSignal.abort('cancelled') });
    await assert.rejects(cache.take('roots', 'a', join(folder, 'into')), (reason) => reason === 'cancelled');
    assert.equal(await cache.has('roots', 'a'), true);
  });

  test('what two builds made at once is kept once, and no scrap stays', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    const [first, second] = [await entry('first'), await entry('second')];
    await Promise.all([cache.keep('disks', 'same', first), cache.keep('disks', 'same', second)]);
    assert.deepEqual(await readdir(join(cacheFolder(), 'disks')), ['same']);
  });

  test('beyond its limit it lets go of what was not used for longest', async () => {
    const cache = new Cache(cacheFolder(), 250_000);
    for (const [index, name] of ['old', 'older', 'newest'].entries()) {
      await cache.keep('roots', name, await entry(name, 100_000));
      const used = new Date(Date.now() - 60_000 * (10 - index));
      if (name !== 'newest') await utimes(join(cacheFolder(), 'roots', name), used, used);
      // Taking an entry is using it: “old” is the younger one now.
      if (name === 'older') await cache.take('roots', 'old', join(folder, 'used'));
    }
    assert.deepEqual((await readdir(join(cacheFolder(), 'roots'))).sort(), ['newest', 'old']);
  });

  test('gives way, oldest first, until there is enough room, and not at all when that would not help', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      await cache.keep('roots', name, await entry(name, 100_000));
      const used = new Date(Date.now() - 60_000 * (10 - index));
      await utimes(join(cacheFolder(), 'roots', name), used, used);
    }
    const there = async (): Promise<string[]> => (await readdir(join(cacheFolder(), 'roots'))).sort();
    const free = async (): Promise<number> => (3 - (await there()).length) * 100_000;
    assert.deepEqual(await cache.giveWay(5e6, free), []);
    assert.deepEqual(await there(), ['a', 'b', 'c']);
    assert.deepEqual(await cache.giveWay(150_000, free), ['roots/a', 'roots/b']);
    assert.deepEqual(await there(), ['c']);
  });

  test('a lock that nobody has taken for long goes', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    for (const name of ['old', 'new'])
      await (await cache.lock('roots', name, never, () => undefined))[Symbol.asyncDispose]();
    const long = new Date(Date.now() - 30 * 24 * 3600_000);
    await utimes(join(cacheFolder(), 'locks/roots-old'), long, long);
    await cache.keep('roots', 'any', await entry('any'));
    assert.deepEqual(await readdir(join(cacheFolder(), 'locks')), ['roots-new']);
  });

  test('an entry that is removed while a build reads it stays with that build', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    await cache.keep('roots', 'a', await entry('a'));
    await cache.take('roots', 'a', join(folder, 'into'));
    await new Cache(cacheFolder(), 0).keep('roots', 'b', await entry('b'));
    assert.equal(await cache.has('roots', 'a'), false);
    assert.match(await readFile(join(folder, 'into/file'), 'utf8'), /^a/);
  });

  test('what a killed build left half-done is swept away, unless somebody is still at it', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    for (const key of ['dead', 'alive'])
      await mkdir(join(cacheFolder(), 'roots', scrapName(key)), { recursive: true });
    await cache.keep('roots', 'kept', await entry('kept'));
    await using _lock = await cache.lock('roots', 'alive', never, () => undefined);
    await cache.sweep();
    const left = await readdir(join(cacheFolder(), 'roots'));
    assert.deepEqual(left.map((name) => keyOfScrap(name) ?? name).sort(), ['alive', 'kept']);
  });

  test('one build makes an entry, the others wait for it', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    const order: string[] = [];
    const build = async (name: string): Promise<void> => {
      await using _lock = await cache.lock('roots', 'a', never, () => order.push(`${name} waits`));
      order.push(`${name} begins`);
      await delay(50);
      order.push(`${name} ends`);
    };
    const first = build('first');
    while (!order.includes('first begins')) await delay(5);
    await Promise.all([first, build('second')]);
    assert.deepEqual(
      order.filter((line) => !line.endsWith('waits')),
      ['first begins', 'first ends', 'second begins', 'second ends'],
    );
  });

  test('a build that waits can be cancelled', async () => {
    const cache = new Cache(cacheFolder(), 1e6);
    await using _held = await cache.lock('roots', 'a', never, () => undefined);
    const abort = new AbortController();
    const waiting = cache.lock('roots', 'a', abort.signal, () => abort.abort());
    await assert.rejects(waiting, { name: 'AbortError' });
  });

  test('a changed file of the archive changes the key, the template itself does not', async () => {
    const files = join(folder, 'files');
    await mkdir(join(files, 'config'), { recursive: true });
    await writeFile(join(files, 'template.yml'), 'stack: 1');
    await writeFile(join(files, 'config/run.sh'), 'echo 1');
    const before = await hashOfFiles(files);
    await writeFile(join(files, 'template.yml'), 'stack: 2');
    assert.equal(await hashOfFiles(files), before);
    await writeFile(join(files, 'config/run.sh'), 'echo 2');
    assert.notEqual(await hashOfFiles(files), before);
  });
});

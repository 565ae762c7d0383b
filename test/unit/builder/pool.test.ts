import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { PackagePool } from '../../../src/builder/packages/pool.ts';
import type { ResolvedPackage } from '../../../src/builder/packages/aptSays.ts';

const content = 'what the mirror has';
const pkg: ResolvedPackage = {
  ...{ name: 'hello', version: '1', arch: 'amd64', fileName: 'hello_1_amd64.deb', fileSize: content.length },
  sha256: createHash('sha256').update(content).digest('hex'),
};

suite('the package files in the cache', () => {
  let folder = '';
  let archives = '';
  let log: string[] = [];
  let pool: PackagePool;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forge-pool-'));
    archives = join(folder, 'archives');
    await mkdir(archives);
    log = [];
    pool = new PackagePool(folder, (line) => log.push(line));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function kept(): Promise<string> {
    await writeFile(join(archives, pkg.fileName), content);
    await pool.keep([pkg], archives);
    await rm(join(archives, pkg.fileName));
    return join(folder, 'packages', pkg.fileName);
  }

  test('are there for the next build, and a package that was never fetched is not', async () => {
    assert.equal(await pool.take(pkg, archives), false);
    await kept();
    assert.equal(await pool.take(pkg, archives), true);
    assert.deepEqual(await readdir(archives), [pkg.fileName]);
    assert.deepEqual(log, []);
  });

  const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
    'of the same size with something else in it': (file) => writeFile(file, 'what the mirror hat'),
    'that ends too early': (file) => truncate(file, 3),
  };
  for (const [title, damage] of Object.entries(damages)) {
    test(`a file ${title} is not used: it goes, and the log says so`, async () => {
      await damage(await kept());
      assert.equal(await pool.take(pkg, archives), false);
      assert.deepEqual(await readdir(archives), []);
      assert.deepEqual(await readdir(join(folder, 'packages')), []);
      assert.deepEqual(log, [
        'In the cache, packages/hello_1_amd64.deb is damaged: it is removed and fetched anew.',
      ]);
    });
  }

  test('what was fetched and is not what the index says is refused and not kept', async () => {
    await writeFile(join(archives, pkg.fileName), 'something else');
    await assert.rejects(pool.keep([pkg], archives), {
      name: 'BuildError',
      message:
        'What the mirror has sent as hello_1_amd64.deb is not what its index says. Try again, or use another mirror.',
    });
    assert.deepEqual(await readdir(join(folder, 'packages')), []);
  });
});

import assert from 'node:assert/strict';
import { copyFile, mkdir, open, readdir, rename, truncate } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  cacheDir,
  exampleTemplate,
  startBuild,
  temporaryFolder,
  type TestBuild,
} from '../../support/builds.ts';

/** What a disk of a machine may do to a file that nobody writes to; the tests' own cache keeps its links to it. */
async function damage(file: string, how: (copy: string) => Promise<void>): Promise<void> {
  const copy = `${file}.copy`;
  await copyFile(file, copy);
  await how(copy);
  await rename(copy, file);
}

async function flipBit(file: string, offset: number): Promise<void> {
  await using handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, offset);
  buffer[0] = (buffer[0] ?? 0) ^ 1;
  await handle.write(buffer, 0, 1, offset);
}

test(
  'a cache with flipped bits and truncated files gives the same image, and the log says what was made anew',
  { timeout: 600_000 },
  async () => {
    await using folder = await temporaryFolder();
    const qcow2 = { compress: true, targetFormat: { name: 'QCOW2' } };
    // The base root comes from the cache for all builds below.
    await (
      await startBuild(folder.path, await exampleTemplate('minimal'), qcow2)
    ).artifact;
    const cache = join(folder.path, 'cache');
    await mkdir(cache);
    for (const part of ['packages', 'index', 'bases']) {
      await promisify(execFile)('cp', ['-al', join(cacheDir, part), cache]).catch(() => undefined);
    }
    const { template, filesDir } = await exampleTemplate('minimal');
    const { stack } = template;
    const withHello = { ...template, stack: { ...stack, os: { ...stack.os, pkgs: [{ name: 'hello' }] } } };
    const build = async (): Promise<TestBuild & { readonly sha256: string }> => {
      const started = await startBuild(folder.path, { template: withHello, filesDir }, qcow2, {
        cacheDir: cache,
      });
      return { ...started, sha256: (await started.artifact).sha256 };
    };
    const only = async (kind: string): Promise<string> => {
      const names = (await readdir(join(cache, kind))).filter(
        (name) => kind !== 'packages' || name.startsWith('hello_'),
      );
      return join(cache, kind, names[0] ?? '');
    };

    const before = await build();
    const [disks, installed, deb] = [await only('disks'), await only('installed'), await only('packages')];
    // Past the file system's tables, where files are.
    await damage(join(disks, 'disk1.raw'), (copy) => flipBit(copy, 300 * 2 ** 20 + 5));
    await damage(join(installed, 'changes.tar'), (copy) => truncate(copy, 5000));
    await damage(deb, (copy) => flipBit(copy, 1000));

    const after = await build();
    const said = after.log.filter((line) => line.includes('damaged'));
    assert.equal(said.length, 3, said.join('\n'));
    assert.match(
      said[0] ?? '',
      /^In the cache, disks\/\S+ is damaged \(disk1\.raw is not as it was written\)/,
    );
    assert.match(
      said[1] ?? '',
      /^In the cache, installed\/\S+ is damaged \(changes\.tar is not as it was written\)/,
    );
    assert.match(
      said[2] ?? '',
      /^In the cache, packages\/hello_\S+ is damaged: it is removed and fetched anew\.$/,
    );
    assert.equal(after.sha256, before.sha256);
    const again = await build();
    assert.equal(again.sha256, before.sha256);
    assert.ok(again.log.some((line) => line.startsWith('From the cache: disks/')));
  },
);

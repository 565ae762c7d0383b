import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { suite, test } from 'node:test';
import { asBuildError } from '../../../src/builder/stages/failure.ts';
import { BuildError, type BuildRequest } from '../../../src/builder/model.ts';
import { packageOfName } from '../../../src/builder/plan/bundles.ts';
import { isDiskFull, systemSentence } from '../../../src/uforge/systemError.ts';

/** What the system really says. */
async function errorsIn(folder: string): Promise<unknown[]> {
  const file = join(folder, 'file');
  await writeFile(file, '');
  const all: readonly Promise<unknown>[] = [
    writeFile(folder, ''),
    mkdir(file),
    mkdir(join(file, 'x')),
    writeFile(join(folder, 'a'.repeat(300)), ''),
  ];
  return await Promise.all(all.map((each) => each.catch((error: unknown) => error)));
}

suite('what the system refuses', () => {
  test('is a sentence that names no folder of the computer', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
    const request = { workDir: folder.path, cacheDir: folder.path } as unknown as BuildRequest;
    const sentences = new Set<string>();
    for (const error of await errorsIn(folder.path)) {
      assert.ok(error instanceof Error && error.message.includes(folder.path));
      const sentence = systemSentence(error) ?? '';
      assert.match(sentence, /^[A-Z].* \(\w+: E[A-Z]+\)\. The forge’s log says which\.$/);
      sentences.add(sentence);
      const told = await asBuildError(error, {
        stage: 'createDisk',
        plan: undefined,
        request,
        lastLines: [],
      });
      assert.ok(told instanceof BuildError);
      assert.ok(told.message.includes(sentence), told.message);
      assert.ok(!`${told.message} ${told.detail}`.includes(folder.path), told.detail);
      assert.equal(told.cause, error, 'for the log');
    }
    assert.equal(sentences.size, 4);
    assert.equal(systemSentence(new Error('EISDIR in the middle')), undefined);
  });

  test('is a full disk in whatever words', () => {
    using database = new DatabaseSync(':memory:');
    database.exec('PRAGMA page_size = 512; PRAGMA max_page_count = 2; CREATE TABLE t (x)');
    let full: unknown;
    try {
      database.exec('INSERT INTO t VALUES (randomblob(10000))');
    } catch (error) {
      full = error;
    }
    assert.ok(isDiskFull(full));
    assert.equal(systemSentence(full), 'The disk is full.');
    assert.ok(isDiskFull(Object.assign(new Error(), { code: 'EDQUOT', syscall: 'write' })));
  });
});

test('a package name with a percent sign that begins nothing is a name', () => {
  assert.deepEqual(packageOfName('nginx_%zz_amd64.deb'), { name: 'nginx', version: '%zz' });
  assert.deepEqual(packageOfName('nginx_1%3a1.2_amd64.deb'), { name: 'nginx', version: '1:1.2' });
});

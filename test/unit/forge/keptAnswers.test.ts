import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { KeptAnswers } from '../../../src/forge/api/http/keptAnswers.ts';
import { Database } from '../../../src/forge/store/database.ts';

suite('an answer that is kept', () => {
  test('is the same object until the revision is another one', async () => {
    let revision = 1;
    const kept = new KeptAnswers<object>(() => revision);
    const first = await kept.get('a', () => ({}));
    assert.equal(await kept.get('a', () => ({})), first);
    assert.notEqual(await kept.get('b', () => ({})), first);
    revision = 2;
    assert.notEqual(await kept.get('a', () => ({})), first);
  });

  test('is nothing that changed while it was made, and no failure', async () => {
    let revision = 1;
    const kept = new KeptAnswers<number>(() => revision);
    assert.equal(await kept.get('a', () => revision++), 1);
    assert.equal(await kept.get('a', () => 7), 7);
    await assert.rejects(
      kept.get('b', () => Promise.reject(new Error('not there'))),
      /not there/,
    );
    assert.equal(await kept.get('b', () => 8), 8);
  });

  test('is only so much', async () => {
    const kept = new KeptAnswers<object>(() => 1, 2);
    const first = await kept.get('a', () => ({}));
    const last = await kept.get('b', () => ({}));
    await kept.get('c', () => ({}));
    assert.equal(await kept.get('b', () => ({})), last);
    assert.notEqual(await kept.get('a', () => ({})), first);
  });
});

test('the revision of a database is another one after each change', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
  using database = new Database(join(folder.path, 'forge.db'));
  const seen = new Set([database.revision]);
  const changed = (sql: string): void => {
    database.prepare(sql).run();
    assert.ok(!seen.has(database.revision), sql);
    seen.add(database.revision);
  };
  changed(`INSERT INTO appliance (owner_id, uuid, name, version, revision, template_file, archive_size, created, modified)
           VALUES (1, 'u', 'a', '1', 1, 't', 1, 0, 0)`);
  changed("UPDATE appliance SET name = 'b'");
  changed('DELETE FROM appliance');
  assert.equal(database.revision, [...seen].at(-1));
});

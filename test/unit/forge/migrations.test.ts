import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ApplianceStore } from '../../../src/forge/store/applianceStore.ts';
import { Database } from '../../../src/forge/store/database.ts';
import { ImportStore } from '../../../src/forge/store/importStore.ts';
import { migrations } from '../../../src/forge/store/migrations.ts';
import { TicketStore } from '../../../src/forge/store/ticketStore.ts';
import { UserStore } from '../../../src/forge/store/userStore.ts';
import { systemClock } from '../../../src/uforge/clock.ts';

test('what a forge with one user left belongs to the one the next forge is started for', () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
  const file = join(folder.path, 'forge.db');
  const old = new DatabaseSync(file);
  for (const step of migrations.slice(0, 2)) old.exec(step);
  old.exec(`PRAGMA user_version = 2;
    INSERT INTO appliance VALUES (7, 'u', 'nginx', '1.0', 3, 't', 's', 1, NULL, NULL, NULL, 0, 0);
    INSERT INTO appliance VALUES (9, 'v', 'gone', '1.0', 3, 't', 's', 1, NULL, NULL, NULL, 0, 0);
    DELETE FROM appliance WHERE id = 9;
    INSERT INTO appliance_import (imported, force, reuse_bundles, use_major, state, message, created, modified)
      VALUES (0, 0, 0, 0, 'done', '', 0, 0);
    INSERT INTO ticket (appliance_id, revision, target_format, request, state, percentage, message, created, modified)
      VALUES (7, 3, 'QCOW2', '{}', 'done', 100, '', 0, 0)`);
  old.close();
  using database = new Database(file);
  const users = new UserStore(database, systemClock);
  assert.deepEqual(users.all(), []);
  const jo = users.first('jo');
  assert.deepEqual(users.first('jo'), jo);
  const appliances = new ApplianceStore(database, systemClock);
  assert.deepEqual(
    appliances.ofOwner(jo.id).map(({ id, revision }) => [id, revision]),
    [[7, 3]],
  );
  assert.equal(new ImportStore(database, systemClock).ofOwner(jo.id).length, 1);
  assert.equal(new TicketStore(database, systemClock).ofOwner(jo.id).length, 1);
  assert.deepEqual(database.prepare('PRAGMA foreign_key_check').all(), []);
  const content = { templateFile: 't', archiveSize: 1 };
  const none = { description: undefined, distribution: undefined, arch: undefined };
  const made = appliances.create(
    users.first('al').id,
    { ...content, ...none, name: 'nginx', version: '1.0' },
    { imported: true },
  );
  assert.equal(made.id, 10, 'an id is never given twice');
  users.delete(jo.id);
  assert.deepEqual(database.prepare('SELECT id FROM ticket').all(), []);
});

import assert from 'node:assert/strict';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { leaveImage } from './seeded.ts';
import { ended, errorOf, imageRequest, startForge, temporaryFolder } from './support.ts';

const image = join('images', '1', 'left 1.0rev1 ü.qcow2');

suite('images whose database is not there', () => {
  test('are left alone by a forge that does not start, and by its other commands', async () => {
    await using folder = await temporaryFolder();
    await leaveImage(folder.path, Buffer.from('image'));
    const database = join(folder.path, 'forge.db');
    const backup = join(folder.path, 'backup.db');
    await rename(database, backup);
    for (const lost of ['missing', 'empty', 'without a schema']) {
      if (lost === 'empty') await writeFile(database, '');
      if (lost === 'without a schema') {
        const { DatabaseSync } = await import('node:sqlite');
        using blank = new DatabaseSync(database);
        blank.exec('CREATE TABLE other (text TEXT)');
      }
      for (const command of [[], ['user', 'list']]) {
        const { code, errors } = await ended([...command, '--data', folder.path]);
        assert.equal(code, 1, lost);
        assert.match(
          errors,
          /forge\.db is missing or empty, and images\/ \(1\) and appliances\/ \(1\) lie beside/,
        );
        assert.match(errors, /Restore forge\.db from a backup, or move these folders/);
        assert.doesNotMatch(errors, /\n\s+at /, 'a sentence, no stack');
      }
      assert.equal(await readFile(join(folder.path, image), 'utf8'), 'image', lost);
    }
    await rm(database);
    await rename(backup, database);
    await using forge = await startForge(folder.path);
    assert.equal((await forge.call('GET', '/users/forge/appliances/1/images/1')).status, 200);
  });
});

suite('files the database does not know', () => {
  test('stay, and their ids are not given again', async () => {
    await using folder = await temporaryFolder();
    await leaveImage(folder.path, Buffer.from('image'));
    const unknown = [
      'images/7/theirs.qcow2',
      'logs/9.log',
      'appliances/5/1/template.yml',
      'exports/3.tar.gz',
      'images/notes/mine.txt',
    ];
    for (const name of unknown) {
      await mkdir(join(folder.path, name, '..'), { recursive: true });
      await writeFile(join(folder.path, name), 'of another time');
    }
    await mkdir(join(folder.path, 'work', 'place-1', '33'), { recursive: true });
    for (let start = 0; start < 2; start++) {
      await using forge = await startForge(folder.path);
      for (const name of unknown) {
        assert.equal(await readFile(join(folder.path, name), 'utf8'), 'of another time', name);
      }
      await assert.rejects(access(join(folder.path, 'work/place-1/33')), 'what builds leave goes');
      const missing = await forge.call('GET', '/users/forge/appliances/1/images/7');
      errorOf(missing, 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
    await using forge = await startForge(folder.path);
    await writeFile(
      join(folder.path, 'appliances/1/1/template.yml'),
      "stack:\n  name: left\n  version: '1.0'\n  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }\n",
    );
    const posted = await forge.call('POST', '/users/forge/appliances/1/images', imageRequest('QCOW2'));
    assert.match(posted.text, /appliances\/1\/images\/10</, posted.text);
    await forge.call('DELETE', '/users/forge/appliances/1/images/10');
    assert.equal(await readFile(join(folder.path, 'logs/9.log'), 'utf8'), 'of another time');
  });

  test('go with what is deleted, whose files go before the database says so', async () => {
    await using folder = await temporaryFolder();
    const { uri } = await leaveImage(folder.path, Buffer.from('image'));
    await using forge = await startForge(folder.path);
    assert.equal((await forge.call('DELETE', uri)).status, 204);
    await assert.rejects(access(join(folder.path, 'images/1')));
    assert.equal((await forge.call('DELETE', '/users/forge/appliances/1')).status, 204);
    await assert.rejects(access(join(folder.path, 'appliances/1')));
  });
});

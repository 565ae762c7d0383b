import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  archive,
  element,
  errorOf,
  imageRequest,
  importArchive,
  startForge,
  template,
  temporaryFolder,
} from './support.ts';

test('a template that was taken once and can’t be read any more says why, and there is a way on', async () => {
  await using folder = await temporaryFolder();
  await using forge = await startForge(folder.path);
  const good = await archive(template('old'));
  const { appliance = '' } = await importArchive(forge, good);
  const stored = join(folder.path, 'appliances', appliance.split('/').at(-1) ?? '', '1', 'template.yml');
  // As rules do that came later.
  await writeFile(stored, "stack:\n  name: old\n  os: { name: Debian, version: '12', arch: x86_64 }\n");

  const list = await forge.call('GET', '/users/forge/appliances');
  assert.match(list.text, /<name>old<\/name>/);
  assert.equal((await forge.call('GET', appliance)).status, 200);

  const id = element((await forge.call('GET', appliance)).text, 'dbId') ?? '';
  const xml = (body: string) => ({ headers: { 'content-type': 'application/xml' }, body });
  const update = '<u:appliance xmlns:u="http://www.usharesoft.com/uforge"><name>new</name></u:appliance>';
  const asked = [
    await forge.call('GET', `${appliance}/installProfile/${id}`),
    await forge.call('GET', `${appliance}/installProfile`),
    await forge.call('GET', `${appliance}/installProfile/${id}/nics`),
    await forge.call('GET', `${appliance}/osprofile/${id}`),
    await forge.call('GET', `${appliance}/bootscripts`),
    await forge.call('PUT', appliance, xml(update)),
    await forge.call('POST', `${appliance}/images`, imageRequest('QCOW2')),
    await forge.call('POST', `${appliance}/exports`),
  ];
  for (const answer of asked) {
    const message = errorOf(answer, 409, 'ERROR.APPLIANCE.UNREADABLE');
    assert.match(message, /“old”.*template\.yml:1: .*no “version”.*Import it again with force.*delete/);
  }
  await importArchive(forge, good, '?force=true');
  assert.equal((await forge.call('GET', `${appliance}/installProfile`)).status, 200);
  assert.equal((await forge.call('DELETE', appliance)).status, 204);
  assert.equal(forge.errors(), '');
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  archive,
  element,
  errorOf,
  importArchive,
  startForge,
  template,
  temporaryFolder,
} from './support.ts';

const json = { 'content-type': 'application/json' };

suite('what nobody means to say', () => {
  test('control characters and half characters are refused, whatever field they are in', async () => {
    await using folder = await temporaryFolder();
    await using forge = await startForge(folder.path);
    const { appliance = '' } = await importArchive(forge, await archive(template('fine')));
    for (const bad of ['a\u001fb', 'a\u0000', '\u001b]0;x\u0007', 'a\u009b31m', '\ud800']) {
      for (const [method, path, body] of [
        ['POST', '/users/forge/apikeys', { apiKeyPair: { description: bad } }],
        ['PUT', appliance, { appliance: { name: bad } }],
        ['POST', `${appliance}/clones`, { appliance: { name: bad, version: '2' } }],
        ['POST', '/users/forge/accounts', { credAccountAws: { name: bad } }],
      ] as const) {
        const answer = await forge.call(method, path, { headers: json, body: JSON.stringify(body) });
        errorOf(answer, 400, 'ERROR.REQUEST.BODY');
      }
    }
    const lines = { apiKeyPair: { description: 'two\r\nlines\tand a tab' } };
    const fine = await forge.call('POST', '/users/forge/apikeys', {
      headers: json,
      body: JSON.stringify(lines),
    });
    assert.equal(fine.status, 201, fine.text);
    for (const part of ['%00', '%1f', '%zz', '%', '%c3']) {
      const answer = await forge.call('GET', `${appliance}/installProfile/1/bootScripts/${part}`);
      errorOf(answer, 404, 'ERROR.RESOURCE.NOT_FOUND');
      errorOf(await forge.call('GET', `/users/${part}/images`), 404, 'ERROR.RESOURCE.NOT_FOUND');
      const log = await forge.call('GET', `/users/${part}/appliances/1/images/1/log`);
      errorOf(log, 403, 'ERROR.AUTHORIZATION.OTHER_USER');
    }
    assert.equal(forge.errors(), '');
  });

  test('an archive that can’t be unpacked is refused without naming a folder of the computer', async () => {
    await using folder = await temporaryFolder();
    await using forge = await startForge(folder.path);
    for (const entries of [
      [
        { name: 'x', content: 'a file' },
        { name: 'x/y', content: 'below it' },
      ],
      [
        { name: 'x/y', content: 'a file' },
        { name: 'x', content: 'in the place of its folder' },
      ],
      [{ name: 'n'.repeat(300), content: 'a long name' }],
    ]) {
      const { status } = await importArchive(forge, await archive(template('odd'), ...entries));
      assert.equal(element(status, 'error'), 'true', status);
      assert.ok(!status.includes(folder.path), status);
      assert.doesNotMatch(status, /^E[A-Z]+:/m);
    }
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import {
  archive,
  element,
  errorOf,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  type CallInit,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(join(folder.path, 'data'));
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const json = (body: object): CallInit => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

suite('a password that takes minutes to hash is refused with its place', () => {
  const endless = 'x'.repeat(1_000_000);
  const says = 'is longer than 511 bytes, and nobody could log in with it';

  test('in an archive of a kilobyte', async () => {
    const account = `  installation:\n    rootUser:\n      password: ${endless}\n`;
    const bytes = await archive(template('endless', '1.0', account));
    assert.ok(bytes.byteLength < 4096);
    const { status } = await importArchive(forge, bytes);
    assert.equal(
      element(status, 'errorMessage'),
      `The template has errors: template.yml:7: stack.installation.rootUser.password ${says}. Choose a shorter one.`,
    );
  });

  test('in the calls that set one, and in the request for an image', async () => {
    const { appliance = '' } = await importArchive(forge, await archive(template('calls')));
    const id = /\d+$/.exec(appliance)?.[0] ?? '';
    const profile = { rootUser: { password: endless } };
    const put = await forge.call('PUT', `${appliance}/installProfile`, json({ installProfile: profile }));
    assert.match(errorOf(put, 400, 'ERROR.APPLIANCE.DEFINITION'), /rootUser\.password is longer than 511/);
    const users = `${appliance}/installProfile/${id}/users`;
    const post = await forge.call('POST', users, json({ osUser: { name: 'joe', password: endless } }));
    assert.match(errorOf(post, 400, 'ERROR.APPLIANCE.DEFINITION'), /users\[0\]\.password is longer than 511/);
    const image = { simulated: true, targetFormat: { name: 'QCOW2' }, installProfile: profile };
    const asked = await forge.call('POST', `${appliance}/images`, json({ image }));
    assert.match(
      errorOf(asked, 400, 'ERROR.IMAGE.NOT_BUILDABLE'),
      /installProfile\.rootUser\.password is longer than 511/,
    );
  });
});

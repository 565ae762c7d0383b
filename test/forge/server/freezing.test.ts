import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { assertLinear } from '../../support/growth.ts';
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

suite('a template that takes minutes to parse is refused in a sentence', () => {
  const each = (count: number, line: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => line(index)).join('');
  const hostile = {
    '50,000 anchors': [each(50_000, (i) => `  - &a${i} v\n`), /more than 1000 anchors/],
    '300,000 keys': [`  - { ${each(300_000, (i) => `k${i}: 1, `)} }\n`, /more than 200000 keys/],
    '3.9 MB of blank lines': [`${'\n'.repeat(3_900_000)}  - 1\n`, /more than 50000 lines/],
  } as const;
  for (const [name, [text, says]] of Object.entries(hostile)) {
    test(name, async () => {
      const { status } = await importArchive(forge, await archive(template('h', '1', `x:\n${text}`)));
      assert.match(element(status, 'errorMessage') ?? '', says);
      assert.match(element(status, 'errorMessage') ?? '', /template\.yml:\d+: /);
    });
  }
});

suite('no request costs the forge more than its share', { concurrency: false }, () => {
  let appliance = '';
  before(async () => {
    ({ appliance = '' } = await importArchive(forge, await archive(template('growing'))));
  });
  /** ms of processor time of the forge, in steps of 10. */
  const used = (): number => {
    const stat = readFileSync(`/proc/${String(forge.child.pid)}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };
  const repeat = (length: number, piece: (index: number) => string, between = ''): string =>
    Array.from({ length: Math.ceil(length / piece(1000).length) }, (_, index) => piece(index)).join(between);
  const xml = (body: string): CallInit => ({ headers: { 'content-type': 'application/xml' }, body });
  const asJson = (body: string): CallInit => ({ headers: { 'content-type': 'application/json' }, body });
  const profile = (inside: string) => asJson(`{"installProfile":{${inside}}}`);
  const id = (): string => /\d+$/.exec(appliance)?.[0] ?? '';

  type Asks = (length: number, variant: number) => readonly [method: string, path: string, init?: CallInit];
  const families: Readonly<Record<string, Asks>> = {
    'an appliance': (length, v) => [
      'PUT',
      appliance,
      asJson(`{"appliance":{"description":"${v}${'x'.repeat(length)}"}}`),
    ],
    'an install profile with keys': (length, v) => [
      'PUT',
      `${appliance}/installProfile`,
      profile(
        `"rootUser":{"sshKeys":{"sshKey":[${repeat(length, (i) => `{"publicKey":"ssh-rsa A${i}v${v}"}`, ',')}]}}`,
      ),
    ],
    'an install profile with kernel parameters': (length, v) => [
      'PUT',
      `${appliance}/installProfile`,
      profile(`"kernelParameters":"${repeat(length, (i) => `a${i}=${v}`, ',')}"`),
    ],
    'a user': (length, v) => [
      'POST',
      `${appliance}/installProfile/${id()}/users`,
      asJson(`{"osUser":{"name":"u${v}","fullName":"${'x'.repeat(length)}"}}`),
    ],
    'a password': (length) => [
      'POST',
      `${appliance}/installProfile/${id()}/users`,
      asJson(`{"osUser":{"name":"p","password":"${'x'.repeat(length)}"}}`),
    ],
    'a request of unknown elements': (length) => [
      'POST',
      `${appliance}/images`,
      xml(`<u:image xmlns:u="http://www.usharesoft.com/uforge">${'<a/>'.repeat(length / 4)}</u:image>`),
    ],
    'a request of attributes': (length) => [
      'POST',
      `${appliance}/images`,
      xml(`<u:image xmlns:u="http://www.usharesoft.com/uforge" ${repeat(length, (i) => `a${i}="1" `)}/>`),
    ],
    'a request of signs': (length) => ['POST', `${appliance}/images`, xml('<'.repeat(length))],
    'a request in JSON, deep': (length) => [
      'POST',
      `${appliance}/images`,
      asJson(`{"image":${'['.repeat(length / 2)}${']'.repeat(length / 2)}}`),
    ],
    'a request in JSON, wide': (length) => [
      'POST',
      `${appliance}/images`,
      asJson(`{"image":{${repeat(length, (i) => `"a${i}":1`, ',')}}}`),
    ],
    // More than 16 KB of it no server takes.
    'a query': (length) => [
      'GET',
      `/users/forge/appliances?query=${encodeURIComponent(repeat(length / 8, (i) => `name=='${i}'`, ','))}`,
    ],
  };
  for (const [name, asks] of Object.entries(families)) {
    test(name, () => {
      const calls = new Map<string, ReturnType<Asks>>();
      return assertLinear(name, {
        used,
        from: name === 'a query' ? 8000 : 16_000,
        input: (length, variant) => {
          calls.set(String(variant), asks(length, variant));
          return String(variant);
        },
        read: async (variant) => {
          const [method, path, init] = calls.get(variant) ?? ['GET', '/'];
          const { status } = await forge.call(method, path, init);
          assert.ok(status < 500, `${method} ${path}: ${status}`);
        },
      });
    });
  }

  test('an archive of many files', () => {
    return assertLinear('files', {
      used,
      from: 100,
      input: (length, variant) => `${length} ${variant}`,
      read: async (which) => {
        const [count = 0, variant = 0] = which.split(' ').map(Number);
        const files = Array.from({ length: count }, (_, i) => ({ name: `config/f${i}`, content: 'x' }));
        const bytes = await archive(template(`files${variant}`), ...files);
        const { appliance: made, status } = await importArchive(forge, bytes);
        assert.notEqual(made, undefined, status);
      },
    });
  });
});

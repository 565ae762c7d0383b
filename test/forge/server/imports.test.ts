import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  archive,
  basic,
  element,
  errorOf,
  importArchive,
  importOf,
  startForge,
  template,
  temporaryFolder,
  until,
  type Entry,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

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

const home = '/users/forge';

async function everyFile(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

suite('importing a template', () => {
  test('makes an appliance: 201, 201, a status, the URI of the appliance', async () => {
    const { status, appliance } = await importArchive(forge, await archive(template('first')));
    assert.equal(element(status, 'complete'), 'true');
    assert.equal(element(status, 'error'), 'false');
    assert.equal(element(status, 'percentage'), '100');
    const { status: code, text } = await forge.call('GET', appliance ?? '');
    assert.equal(code, 200);
    assert.match(text, /<name>first<\/name><nbSecurity/, 'its own, behind those of its parts');
    assert.match(text, /<version>1.0<\/version><\/ns0:appliance>/);
    assert.equal(element(text, 'revision'), '1');
    assert.equal(element(text, 'distributionName'), 'Debian 12');
    const found = await forge.call('GET', `${home}/appliances?query=name=='first';version=='1.0'`);
    assert.equal(element(found.text, 'total'), '1');
  });

  test('refuses the same name and version inside a 201, unless forced: then the revision counts up', async () => {
    const bytes = await archive(template('twice'));
    const { appliance } = await importArchive(forge, bytes);
    const again = await importArchive(forge, bytes);
    assert.equal(again.appliance, undefined);
    assert.equal(element(again.status, 'error'), 'true');
    assert.equal(element(again.status, 'complete'), 'false');
    assert.equal(
      element(again.status, 'errorMessage'),
      'An appliance with the same name and version already exists',
    );
    const forced = await importArchive(forge, bytes, '?force=true');
    assert.equal(forced.appliance, appliance, 'it stays the same appliance');
    assert.equal(element((await forge.call('GET', appliance ?? '')).text, 'revision'), '2');
    const other = await importArchive(forge, await archive(template('twice', '1.1')));
    assert.notEqual(other.appliance, appliance);
  });

  test('takes one archive only', async () => {
    const { uri } = await importArchive(forge, await archive(template('once')));
    const again = await forge.call('POST', `${uri}/uploads`, { body: await archive(template('more')) });
    errorOf(again, 409, 'ERROR.IMPORT.ALREADY_UPLOADED');
  });

  test('is forgotten on request, the appliance is not', async () => {
    const { uri, appliance } = await importArchive(forge, await archive(template('kept')));
    assert.equal((await forge.call('DELETE', uri)).status, 204);
    errorOf(await forge.call('GET', uri), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.equal((await forge.call('GET', appliance ?? '')).status, 200);
    assert.equal((await forge.call('DELETE', appliance ?? '')).status, 204);
    errorOf(await forge.call('GET', appliance ?? ''), 404, 'ERROR.RESOURCE.NOT_FOUND');
  });

  test('refuses a template with all its errors, each with file, line and place', async () => {
    const wrong = `  installation:
    nics:
      - { name: a, ipv4: sometimes }
    partitioning:
      disks:
        - name: sda
          size: lots
  config:
    - { name: s, source: config/s.sh, type: bootscript }
`;
    const { status } = await importArchive(forge, await archive(template('errors', '1.0', wrong)));
    const line = (template('errors').content ?? '').split('\n').length;
    const message = element(status, 'errorMessage') ?? '';
    assert.equal(element(status, 'error'), 'true');
    for (const [offset, place] of [
      [2, 'stack.installation.nics[0].ipv4'],
      [6, 'stack.installation.partitioning.disks[0].size'],
      [8, 'stack.config[0]'],
    ] as const) {
      assert.ok(message.includes(`template.yml:${line + offset}: ${place}`), `${place}: ${message}`);
    }
  });

  test('an image is refused with the lines of the template as it was sent, whatever the forge has sealed in it', async () => {
    const more = `  installation:
    rootUser:
      password: secret # a line is added after this one
      setPassword: true
    users:
      - password: secret
        name: joe
    seLinuxMode: enforcing
    partitioning:
      disks:
        - name: sda
          size: 4000
          partitions:
            - { number: 1, fstype: jfs, size: 3000, mountPoint: / }
            - { number: 2, fstype: lvm2, size: 500 }
  source_logo: logo/l.png
`;
    const line = (template('lines').content ?? '').split('\n').length;
    const logo = { name: 'logo/l.png', content: 'png' };
    const { appliance = '', status } = await importArchive(
      forge,
      await archive(template('lines', '1.0', more), logo),
    );
    assert.equal(element(status, 'error'), 'false', status);
    const refused = async (): Promise<string> => {
      const headers = { 'content-type': 'application/json' };
      const body = '{"image":{"targetFormat":{"name":"QCOW2"},"installProfile":{"timezone":"Mars/Olympus"}}}';
      const answer = await forge.call('POST', `${appliance}/images`, { headers, body });
      return errorOf(answer, 400, 'ERROR.IMAGE.NOT_BUILDABLE');
    };
    const at = 'stack.installation';
    const disk = `${at}.partitioning.disks[0]`;
    const sent = await refused();
    for (const place of [
      `template.yml:${line + 7}: ${at}.seLinuxMode`,
      `template.yml:${line + 13}: ${disk}.partitions[0].fstype`,
      `template.yml:${line + 14}: ${disk}.partitions[1].fstype`,
      '; installProfile.timezone “Mars/Olympus”',
    ]) {
      assert.ok(sent.includes(place), `${place}: ${sent}`);
    }
    // Nobody has seen the lines of what the forge has written.
    const headers = { 'content-type': 'application/json' };
    const edit = await forge.call('PUT', appliance, { headers, body: '{"appliance":{"description":"d"}}' });
    assert.equal(edit.status, 200, edit.text);
    const edited = await refused();
    assert.doesNotMatch(edited, /template\.yml/);
    assert.match(edited, /stack\.installation\.seLinuxMode/);
  });

  test('refuses a query that is none', async () => {
    errorOf(await forge.call('POST', `${home}/imports?force=maybe`), 400, 'ERROR.REQUEST.QUERY');
  });
});

suite('an archive nobody should have made', () => {
  const evil: Readonly<Record<string, readonly Entry[]>> = {
    'a path upwards': [template('a'), { name: '../escaped', content: 'x' }],
    'a path upwards in the middle': [template('a'), { name: 'config/../../escaped', content: 'x' }],
    'an absolute path': [template('a'), { name: '/tmp/forge-server-escaped', content: 'x' }],
    'a symbolic link': [template('a'), { name: 'config', type: 'symlink', linkname: '/etc' }],
    'a hard link': [template('a'), { name: 'shadow', type: 'link', linkname: '/etc/shadow' }],
    'a device': [template('a'), { name: 'null', type: 'character-device', devmajor: 1, devminor: 3 }],
    'a name twice': [template('a'), template('b')],
    'a file for a folder': [template('a'), { name: 'x', content: '1' }, { name: 'x/y', content: '2' }],
    'a pipe': [template('a'), { name: 'p', type: 'fifo' }],
    'a million files': [
      template('a'),
      ...Array.from({ length: 10_001 }, (_each, index): Entry => ({ name: `files/${index}`, content: '' })),
    ],
    'no template': [{ name: 'readme.txt', content: 'hello' }],
    'a template that is none': [{ name: 'template.yml', content: 'stack: [unfinished' }],
    'a template that names a file outside': [
      template(
        'a',
        '1.0',
        '  config: [{ name: s, source: ../../../etc/shadow, type: bootscript, frequency: firstboot }]\n',
      ),
    ],
    'a template that names a file it lacks': [
      template(
        'a',
        '1.0',
        '  config: [{ name: s, source: config/s.sh, type: bootscript, frequency: firstboot }]\n',
      ),
    ],
  };
  for (const [what, entries] of Object.entries(evil)) {
    test(`${what} is refused in the status, and nothing stays`, async () => {
      const before = await everyFile(join(folder.path, 'data', 'appliances'));
      const { status, appliance } = await importArchive(forge, await archive(...entries), '?force=true');
      assert.equal(element(status, 'error'), 'true', status);
      assert.ok((element(status, 'errorMessage') ?? '').length > 20, status);
      assert.equal(appliance, undefined);
      assert.deepEqual(await everyFile(join(folder.path, 'data', 'appliances')), before);
      assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
      await assert.rejects(stat(join(folder.path, 'escaped')));
      await assert.rejects(stat('/tmp/forge-server-escaped'));
    });
  }

  test('bytes that are no archive, half of one, and a bomb', async () => {
    const whole = await archive(template('half'), { name: 'big', content: 'x'.repeat(100_000) });
    const zeros = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const bomb = Buffer.concat(Array.from({ length: 20 }, () => zeros));
    for (const bytes of [new Uint8Array(0), Buffer.from('hello'), whole.slice(0, whole.length / 2), bomb]) {
      const { status } = await importArchive(forge, bytes);
      assert.equal(element(status, 'error'), 'true');
      assert.match(element(status, 'errorMessage') ?? '', /archive/);
    }
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
    assert.equal((await forge.call('GET', '/status')).status, 200);
    assert.equal(forge.errors(), '');
  });

  test('an upload that breaks off is an error in the status, and nothing stays', async () => {
    const ticket = await forge.call('POST', `${home}/imports`);
    const uri = importOf(ticket);
    const cut = new AbortController();
    const authorization = basic(forge.user, forge.password);
    const body = new ReadableStream<Uint8Array>({
      start: (stream) => stream.enqueue(gzipSync(Buffer.alloc(1000)).subarray(0, 10)),
    });
    const sent = fetch(`${forge.url}${uri}/uploads`, {
      method: 'POST',
      headers: { authorization },
      body,
      duplex: 'half',
      signal: cut.signal,
    });
    setTimeout(() => cut.abort(), 300);
    await assert.rejects(sent);
    const status = async (): Promise<string> => (await forge.call('GET', `${uri}/status`)).text;
    await until('the import failed', async () => element(await status(), 'error') === 'true', 10_000);
    assert.match(element(await status(), 'errorMessage') ?? '', /broken off/);
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
  });
});

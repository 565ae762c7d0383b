import assert from 'node:assert/strict';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { leaveImage } from './seeded.ts';
import {
  archive,
  element,
  errorOf,
  imageRequest,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  type Answer,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let image: Awaited<ReturnType<typeof leaveImage>>;
let appliance = '';
before(async () => {
  folder = await temporaryFolder();
  image = await leaveImage(folder.path, Buffer.from('an image'));
  forge = await startForge(folder.path);
  appliance = (await importArchive(forge, await archive(template('one')))).appliance ?? '';
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const xml = { 'content-type': 'application/xml' };
const json = { 'content-type': 'application/json' };
const namespace = 'xmlns:any="http://www.usharesoft.com/uforge"';

function generate(body: string, headers: Record<string, string> = xml): Promise<Answer> {
  return forge.call('POST', `${appliance}/images`, { headers, body });
}

suite('what is sent', () => {
  test('a digest is the ETag of the XML, and the same in JSON, which has an ETag of its own', async () => {
    for (const path of [appliance, image.uri, `${image.uri}/status`]) {
      const asXml = await forge.call('GET', path);
      const asJson = await forge.call('GET', path, { headers: { accept: 'application/json' } });
      const [document] = Object.values(JSON.parse(asJson.text) as Record<string, { digest: string }>);
      assert.equal(asXml.headers.get('etag'), `"${document?.digest ?? ''}"`, path);
      assert.ok(asXml.text.includes(`<digest>${document?.digest ?? ''}</digest>`), path);
      assert.notEqual(asJson.headers.get('etag'), asXml.headers.get('etag'), path);
    }
  });

  test('If-Modified-Since is heeded where a date tells all, and If-None-Match goes before it', async () => {
    const path = `${image.uri}/status`;
    const { headers } = await forge.call('GET', path);
    assert.ok(headers.get('last-modified'));
    const since = async (date: number, more: Record<string, string> = {}): Promise<number> =>
      (
        await forge.call('GET', path, {
          headers: { 'if-modified-since': new Date(date).toUTCString(), ...more },
        })
      ).status;
    assert.equal(await since(Date.now()), 304);
    assert.equal(await since(Date.now() + 60_000), 200, 'a date still to come');
    assert.equal(await since(0), 200);
    assert.equal(await since(Date.now(), { 'if-none-match': '"other"' }), 200);
    const unreadable = await forge.call('GET', path, { headers: { 'if-modified-since': 'yesterday' } });
    assert.equal(unreadable.status, 200);
  });

  test('only the root of an XML document is in the namespace', async () => {
    const { text } = await forge.call('GET', image.uri);
    assert.equal(text.match(/xmlns/g)?.length, 1);
    assert.match(text, /<(\w+):image xmlns:\1="http:\/\/www\.usharesoft\.com\/uforge">.*<\/\1:image>\s*$/s);
  });
});

suite('what is read', () => {
  test('any order and unknown elements, in XML and JSON', async () => {
    const profile = '<installProfile><memorySize>512</memorySize><diskSize>2048</diskSize></installProfile>';
    const format = '<targetFormat><unknown><deep/></unknown><name>Floppy</name></targetFormat>';
    const shuffled = `<any:image ${namespace}>${profile}<news>1</news>${format}<compress>true</compress></any:image>`;
    assert.match(errorOf(await generate(shuffled), 400, 'ERROR.IMAGE.TARGET_FORMAT'), /Floppy/);
    const document = { image: { targetFormat: { name: 'Floppy', x: [1] }, news: {}, compress: true } };
    const asJson = await generate(JSON.stringify(document), json);
    assert.match(errorOf(asJson, 400, 'ERROR.IMAGE.TARGET_FORMAT'), /Floppy/);
  });

  test('characters no document can hold end in an answer, not the forge', async () => {
    const home = `/users/forge`;
    for (const path of [
      `${home}/appliances?count=%00`,
      `${home}/appliances?query=%01%EF%BF%BF`,
      `${home}/appliances/%01`,
      `${home}/appliances/%ED%A0%80`,
      `${home}/imports?descending=%1B`,
    ]) {
      const { status } = await forge.call('GET', path);
      assert.ok(status === 400 || status === 404, `${path}: ${status}`);
    }
    for (const name of ['\\u0000', '\\ud800', '\\uffff\\u001b[31m']) {
      const answer = await generate(`{"image":{"targetFormat":{"name":"${name}"}}}`, json);
      errorOf(answer, 400, 'ERROR.REQUEST.BODY');
    }
    assert.equal((await forge.call('GET', '/status')).status, 200);
    assert.equal(forge.errors(), '');
  });

  test('a template that asks for what is not built is refused with all of it', async () => {
    const more = [
      "    pkgs: [{ name: 'Not A Package' }]",
      '  installation:',
      '    partitioning: { disks: [{ name: sda, size: 4096 }] }',
      '    seLinuxMode: enforcing',
      '',
    ].join('\n');
    const os = "  os:\n    name: Debian\n    version: '12'\n    arch: x86_64\n    profile: Minimal\n";
    const content = `stack:\n  name: much\n  version: '1'\n${os}${more}`;
    const { status, appliance: much } = await importArchive(
      forge,
      await archive({ name: 'template.yml', content }),
    );
    assert.ok(much, status);
    const answer = await forge.call('POST', `${much}/images`, imageRequest('QCOW2'));
    const message = errorOf(answer, 400, 'ERROR.IMAGE.NOT_BUILDABLE');
    for (const named of ['Not A Package', 'partitioning', 'seLinuxMode']) {
      assert.ok(message.includes(named), `${named}: ${message}`);
    }
  });

  test('all that keeps an image from being built is said at once, whatever it is', async () => {
    const bundle = (name: string, format: string): string =>
      `    - { name: ${name}, version: '1', restrictionRule: 'TargetFormat#name=${format}', ` +
      `files: [{ name: f, source: bundles/${name}/1/gone }] }`;
    const content = [
      "stack:\n  name: several\n  version: '1'\n  os: { name: Debian, version: '12', arch: x86_64 }",
      '  installation: { seLinuxMode: enforcing }',
      `  bundles:\n${bundle('kvm', 'KVM')}\n${bundle('other', 'QCOW2')}\n`,
    ].join('\n');
    // What only some formats take may come later.
    const { status, appliance: several } = await importArchive(
      forge,
      await archive({ name: 'template.yml', content }),
    );
    assert.ok(several, status);
    const refused = async (format: string): Promise<string> => {
      const { status: code, text } = await forge.call('POST', `${several}/images`, imageRequest(format));
      assert.equal(code, 400, text);
      return element(text, 'message') ?? '';
    };
    assert.match(await refused('QCOW2'), /lacks bundles\/other\/1\/gone\. .*OS profile.*seLinuxMode/s);
    const said = await refused('Floppy');
    assert.match(said, /“Floppy” is not known here.*OS profile.*seLinuxMode/s);
    assert.doesNotMatch(said, /lacks/);
  });

  test('an appliance without an OS profile can not be generated', async () => {
    const content =
      "stack: { name: bare, version: '1', os: { name: Debian, version: '12', arch: x86_64 } }\n";
    const { status, appliance: bare } = await importArchive(
      forge,
      await archive({ name: 'template.yml', content }),
    );
    assert.ok(bare, status);
    const answer = await forge.call('POST', `${bare}/images`, imageRequest('QCOW2'));
    assert.match(errorOf(answer, 400, 'ERROR.APPLIANCE.NO_OS_PROFILE'), /stack\.os\.profile/);
  });
});

suite('what is kept', () => {
  test('a revision nothing is built from goes when the next one comes; tickets stay', async () => {
    const { appliance: first } = await importArchive(forge, await archive(template('left')), '?force=true');
    const tickets = await forge.call('GET', `${first ?? ''}/images`);
    assert.equal(element(tickets.text, 'total'), '1', 'the ticket of the first revision');
    await importArchive(forge, await archive(template('left')), '?force=true');
    const id = (first ?? '').replace(/.*\//, '');
    assert.deepEqual(await readdir(join(folder.path, 'appliances', id)), ['3']);
  });

  test('a file somebody has removed is missing in a sentence, and its key is not spent', async () => {
    await rm(join(folder.path, 'images', '1'), { recursive: true });
    await rm(join(folder.path, 'logs', '1.log'));
    const uri = element((await forge.call('GET', image.uri)).text, 'downloadUri') ?? '';
    const answer = await forge.call('GET', `/${uri}`, { authorization: null });
    assert.match(errorOf(answer, 404, 'ERROR.RESOURCE.NOT_FOUND'), /Generate the image again/);
    assert.equal(element((await forge.call('GET', image.uri)).text, 'downloadUri'), uri);
    errorOf(await forge.call('GET', `${image.uri}/log`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.equal((await forge.call('DELETE', image.uri)).status, 204);
    assert.equal(forge.errors(), '');
  });
});

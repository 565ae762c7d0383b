import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cacheDir } from '../../support/builds.ts';
import { leaveImage } from './seeded.ts';
import {
  archive,
  element,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  type Answer,
  type TestForge,
} from './support.ts';

/** What clients that others wrote (hammr, uforgecli and the SDK below them) read of an answer without a test. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let aid = '';
/** As hammr writes the list of a template. */
const entrypoint = "['/bin/sh', '-c', 'echo hi']";
before(async () => {
  folder = await temporaryFolder();
  const data = join(folder.path, 'data');
  await leaveImage(data, Buffer.from('a finished image'));
  await leaveImage(
    data,
    Buffer.from('a container'),
    JSON.stringify({ image: { compress: true, entrypoint } }),
    {
      ...{ targetFormat: 'Docker', extension: 'tar', mimeType: 'application/x-tar' },
    },
  );
  await writeFile(join(data, 'appliances/1/1/template.yml'), template('left').content ?? '');
  forge = await startForge(data, ['--cache', cacheDir]);
  const bundle = `  bundles:\n    - name: own\n      version: '1'\n      files: [{ name: a.txt, source: a.txt }]\n`;
  const imported = await importArchive(
    forge,
    await archive(template('web', '1.0', bundle), { name: 'a.txt', content: 'hi' }),
  );
  aid = imported.appliance ?? '';
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function get(path: string): Promise<Answer> {
  const answer = await forge.call('GET', `/${path}`);
  assert.equal(answer.status, 200, `${path}: ${answer.text}`);
  return answer;
}

async function post(path: string, root: string, body: string): Promise<Answer> {
  return await forge.call('POST', `/${path}`, {
    headers: { 'content-type': 'application/xml; charset=ISO-8859-1' },
    body: `<n:${root} xmlns:n="http://www.usharesoft.com/uforge" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ${body}</n:${root}>`,
  });
}

suite('over the wire', () => {
  test('the media type is a word without a charset, in errors too, and a request is UTF-8 whatever it says', async () => {
    const refused = await forge.call('GET', '/users/forge/appliances/999');
    assert.equal(refused.headers.get('content-type'), 'application/xml');
    const made = await post('users/forge/apikeys', 'apiKeyPair', '><name>clé</name>');
    assert.equal(made.headers.get('content-type'), 'application/xml');
    assert.equal(element(made.text, 'name'), 'clé');
  });

  test('booleans are Python’s, too', async () => {
    for (const value of ['False', 'TRUE', '0', '1']) {
      assert.equal((await forge.call('POST', `/users/forge/imports?imported=${value}`)).status, 201, value);
    }
    assert.equal((await forge.call('POST', '/users/forge/imports?imported=yes')).status, 400);
  });

  test('a base URL with a slash at its end works', async () => {
    assert.equal((await get('/users/forge')).text, (await get('users/forge')).text);
  });

  test('XML and JSON of one thing have one digest and two ETags', async () => {
    const xml = await get(aid);
    const json = await forge.call('GET', `/${aid}`, { headers: { accept: 'application/json' } });
    assert.ok(json.text.includes(`"digest":"${element(xml.text, 'digest') ?? 'none'}"`), json.text);
    assert.notEqual(xml.headers.get('etag'), json.headers.get('etag'));
  });

  test('OPTIONS names what is served only', async () => {
    const { headers } = await forge.call('OPTIONS', '/users/forge/targetformats');
    assert.equal(headers.get('allow'), 'GET, HEAD, OPTIONS');
  });
});

suite('an answer', () => {
  test('has a one-time key wherever it has a download URI: in lists, too', async () => {
    const { text } = await get('users/forge/images');
    const uri = element(text, 'downloadUri') ?? '';
    const load = () => forge.call('GET', `/${uri}`, { authorization: null });
    assert.equal((await load()).text, 'a finished image');
    assert.equal((await load()).status, 403, 'it is spent');
    const anew = element((await get('users/forge/images')).text, 'downloadUri') ?? '';
    assert.equal((await forge.call('GET', `/${anew}`, { authorization: null })).status, 200);
  });

  test('embeds what describes an appliance, with its automatic disks as they will be made', async () => {
    const { text } = await get('users/forge/appliances');
    assert.match(text, /<osProfile xsi:type="ns0:LinuxProfile">.*<name>Minimal<\/name>/);
    assert.match(text, /<installProfile>.*<disk>.*<name>sda<\/name>.*<fstype>ext4<\/fstype>/);
    assert.match(text, /<nbUpdates>0<\/nbUpdates>/);
    const uri = element((await get(aid)).text, 'installProfileUri') ?? '';
    const profile = await get(uri);
    const back = await forge.call('PUT', `/${uri}`, {
      headers: { 'content-type': 'application/xml' },
      body: profile.text,
    });
    assert.equal(back.status, 200, back.text);
    assert.equal(element((await get(aid)).text, 'revision'), '1', 'sent back it changes nothing');
  });

  test('about a container has the command it starts, and the name it is loaded by', async () => {
    const images = 'users/forge/appliances/1/images';
    for (const path of [`${images}/2`, images, 'users/forge/images']) {
      const { text } = await get(path);
      assert.equal(element(text, 'entrypoint'), entrypoint, path);
      assert.equal(element(text, 'registeringName'), 'left:1.0', path);
      assert.equal(text.match(/<(?:entrypoint|registeringName)>/g)?.length, 2, 'a disk has neither');
    }
    const asked = `><targetFormat><name>Docker</name></targetFormat><compress>true</compress><simulated>true</simulated><entrypoint>${entrypoint}</entrypoint>`;
    const { status, text } = await post(`${aid}/images`, 'image', asked);
    assert.equal(status, 201, text);
    assert.equal(element(text, 'entrypoint'), entrypoint, 'from the first answer on');
    assert.equal(element(text, 'registeringName'), undefined, 'it has none before there is a file');
  });

  test('about a package has the date and the name of its file', async () => {
    const { text } = await get('distributions/12/pkgs?query=name==ginx-ligh&latestOnly=True');
    assert.equal(element(text, 'name'), 'nginx-light', 'a word is found anywhere in a name');
    assert.match(element(text, 'fullName') ?? '', /^nginx-light_.*\.deb$/);
    assert.ok(Date.parse(element(text, 'pkgBuildDate') ?? '') > Date.parse('2023-06-10'));
  });

  test('about an account has its platform, and certificates where its kind has them', async () => {
    const account = 'xsi:type="n:CredAccountAws"><name>aws</name><accessKeyId>a</accessKeyId>';
    const { text, status } = await post('users/forge/accounts', 'credAccount', account);
    assert.equal(status, 201, text);
    assert.match(text, /<targetPlatform>.*<name>Amazon<\/name><type>aws<\/type>/);
    assert.match(text, /<certificates\/>|<certificates><\/certificates>/);
  });

  test('about a publication has its account whole, also one that was written inline', async () => {
    const inline =
      'xsi:type="n:PublishImageOpenStack"><credAccount xsi:type="n:CredAccountOpenStack"><login>me</login><password>hush</password></credAccount><displayName>d</displayName>';
    const image = 'users/forge/appliances/1/images/1';
    const { text, status } = await post(`${image}/pimages`, 'publishImage', inline);
    assert.equal(status, 201, text);
    const list = (await get('users/forge/pimages')).text;
    assert.match(list, /<credAccount.*<targetPlatform>.*<name>OpenStack<\/name>.*<login>me<\/login>/);
    assert.doesNotMatch(list, /hush/);
  });
});

suite('a documented sample', () => {
  test('makes an appliance of a name, a version and an organisation', async () => {
    const sample = '><name>Appliance Example</name><orgUri>orgs/1</orgUri><version>1.0</version>';
    const { status, text } = await post('users/forge/appliances', 'appliance', sample);
    assert.equal(status, 201, text);
    assert.match(element(text, 'distributionName') ?? '', /^Debian /);
  });

  test('asks for an image by its primitive format and sizes, as before UForge 3.6', async () => {
    const older =
      '><format><name>vbox</name></format><simulated>true</simulated><vmDiskSize>4096</vmDiskSize><vmMemorySize>512</vmMemorySize>';
    const { status, text } = await post(`${aid}/images`, 'image', older);
    assert.equal(status, 201, text);
    assert.match(text, /<targetFormat>.*<name>VirtualBox<\/name>/);
    assert.match(text, /<diskSize>4096<\/diskSize>/);
    assert.equal(element(text, 'fileSize'), '0');
  });

  test('has a group with blanks in its name, and a partition without a size', async () => {
    const profile = element((await get(aid)).text, 'installProfileUri') ?? '';
    const group = await post(
      `${profile}/groups`,
      'osGroup',
      '><groupIdAuto>true</groupIdAuto><name>OS Group Example</name><systemGroup>true</systemGroup>',
    );
    assert.equal(group.status, 201, group.text);
    assert.equal(element(group.text, 'name'), 'OS_Group_Example');
    const [, id = ''] = /\/appliances\/(\d+)/.exec(aid) ?? [];
    const disk = `${profile}/pt/${id}/disks`;
    const sda = '><name>sda</name><partitionType>MSDOS</partitionType><size>8192</size>';
    assert.equal((await post(disk, 'disk', sda)).status, 201);
    const part = '><name>sda1</name><fstype>ext4</fstype><mpoint>/</mpoint>';
    const partition = await post(`${disk}/1/partitions`, 'partition', part);
    assert.equal(partition.status, 201, partition.text);
    assert.equal(element(partition.text, 'growable'), 'true');
  });
});

test('every URI in an answer leads to what it promises', async () => {
  const own = await post('users/forge/mysoftware', 'mySoftware', '><name>lib</name><version>1</version>');
  assert.equal(own.status, 201, own.text);
  // Of these only another method is documented, or there is nothing until something is sent.
  const sent = /(?:\/clones?|\/osprofile|\/exports|\/uploads|\/downloads(?:\?.*|\/.*)?|\/projects\/.*)$/;
  let packages = 0;
  const nowhere: string[] = [];
  const seen = new Set(['users/forge']);
  for (const uri of seen) {
    // Lists of the other distributions would be fetched from the mirror first.
    if (sent.test(uri) || /distributions\/(?!12)\d+\/pkgs/.test(uri)) continue;
    const isPackage = /\/pkgs\/\d+$/.test(uri);
    if (isPackage && ++packages > 3) continue;
    const { status, text } = await forge.call('GET', `/${uri}`);
    // Keys are changed and deleted only.
    if (status !== 200 && !/\/apikeys\/\d+$/.test(uri)) nowhere.push(`${uri} ${status}`);
    // Tens of thousands of packages lead to themselves.
    if (/distributions\/\d+\/pkgs$/.test(uri)) continue;
    for (const [, name = '', found = ''] of text.matchAll(/<(\w*[uU]ri)>([^<]+)<\/\1>/g)) {
      if (name !== 'requestUri') seen.add(found.replaceAll('&amp;', '&'));
    }
  }
  assert.deepEqual(nowhere, []);
  for (const part of ['orgs/1', 'mysoftware/', 'targetplatforms/', 'installProfile/', 'osprofile/', 'pt/'])
    assert.ok(
      [...seen].some((uri) => uri.includes(part)),
      part,
    );
});

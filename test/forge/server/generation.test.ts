import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cacheDir } from '../../support/builds.ts';
import {
  archive,
  element,
  ended,
  errorOf,
  imageRequest,
  importArchive,
  startForge,
  stop,
  template,
  temporaryFolder,
  until,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let images = '';
let otherImages = '';
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(join(folder.path, 'data'), ['--cache', cacheDir]);
  images = `${(await importArchive(forge, await archive(template('one')))).appliance ?? ''}/images`;
  otherImages = `${(await importArchive(forge, await archive(template('two')))).appliance ?? ''}/images`;
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** Asks for an image and gives its path; the answer's first `parentUri` is that of its status: the image. */
async function generate(path: string, format: string): Promise<string> {
  const answer = await forge.call('POST', path, imageRequest(format));
  assert.equal(answer.status, 201, answer.text);
  return `/${element(answer.text, 'parentUri') ?? ''}`;
}

async function statusOf(image: string): Promise<string> {
  return (await forge.call('GET', `${image}/status`)).text;
}

async function runs(image: string): Promise<void> {
  await until(
    `${image} runs`,
    async () => !/Waiting|Starting/.test(element(await statusOf(image), 'message') ?? ''),
  );
}

/** Processes of builds in this forge's data folder. */
async function buildProcesses(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid || Number(pid) === forge.child.pid) continue;
    const read = (name: string): Promise<string> => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '');
    const said = `${await read('cmdline')} ${await read('environ')}`;
    if (said.includes(join(folder.path, 'data', 'work'))) found.push(pid);
  }
  return found;
}

suite('asking for an image', () => {
  test('an unknown format, none, or a body that is none is refused with what to do', async () => {
    const unknown = errorOf(
      await forge.call('POST', images, imageRequest('Floppy')),
      400,
      'ERROR.IMAGE.TARGET_FORMAT',
    );
    for (const known of ['VirtualBox', 'QCOW2', 'Raw Virtual Disk'])
      assert.ok(unknown.includes(known), unknown);
    const xml = { 'content-type': 'application/xml' };
    const none = { headers: xml, body: '<u:image xmlns:u="http://www.usharesoft.com/uforge"/>' };
    errorOf(await forge.call('POST', images, none), 400, 'ERROR.IMAGE.TARGET_FORMAT');
    const doctype = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><image>&e;</image>';
    for (const body of ['', 'hello', '<image>', '<status/>', doctype, '<a>'.repeat(5000), '\0']) {
      errorOf(await forge.call('POST', images, { headers: xml, body }), 400, 'ERROR.REQUEST.BODY');
    }
    const json = { 'content-type': 'application/json' };
    for (const body of ['', '[]', 'null', '{"image":', '{"status":{}}']) {
      errorOf(await forge.call('POST', images, { headers: json, body }), 400, 'ERROR.REQUEST.BODY');
    }
    errorOf(await forge.call('POST', images, { ...none, headers: {} }), 415, 'ERROR.REQUEST.MEDIA_TYPE');
    const huge = { headers: xml, body: `<image><name>${'x'.repeat(5_000_000)}</name></image>` };
    errorOf(await forge.call('POST', images, huge), 413, 'ERROR.REQUEST.TOO_LARGE');
    assert.equal(element((await forge.call('GET', images)).text, 'total'), '0', 'no ticket was made');
    assert.equal(forge.errors(), '');
  });

  test('one at a time of an appliance and format; others wait and say how many are ahead', async () => {
    const first = await generate(images, 'QCOW2');
    await runs(first);
    const message = errorOf(
      await forge.call('POST', images, imageRequest('QCOW2')),
      409,
      'ERROR.IMAGE.ALREADY_GENERATING',
    );
    assert.match(
      message,
      /^An image for QCOW2 is already being generated\. Please wait until this generation is complete/,
    );
    const json = '{"image":{"compress":true,"targetFormat":{"name":"Raw Virtual Disk"}}}';
    const posted = await forge.call('POST', images, {
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: json,
    });
    assert.equal(posted.status, 201, posted.text);
    const second = `/${(JSON.parse(posted.text) as { image: { uri: string } }).image.uri}`;
    const third = await generate(otherImages, 'QCOW2');
    assert.match(element(await statusOf(second), 'message') ?? '', /1 ahead/);
    assert.match(element(await statusOf(third), 'message') ?? '', /2 ahead/);

    const query = [first, third].map((image) => `img=${encodeURIComponent(image.slice(1))}`).join('&');
    const chosen = await forge.call(
      'GET',
      `/users/forge/images/status?${query}&img=users/forge/appliances/1/images/999`,
    );
    assert.equal(element(chosen.text, 'total'), '2', 'what has gone is left out');
    assert.equal(element((await forge.call('GET', `${images}/statuses`)).text, 'total'), '2');

    const cancelled = await forge.call('DELETE', `${second}/status`);
    assert.equal(cancelled.status, 200);
    assert.equal(element(cancelled.text, 'cancelled'), 'true');
    assert.match(element(await statusOf(third), 'message') ?? '', /1 ahead/);
    assert.equal((await forge.call('DELETE', third)).status, 204);

    const busy = await forge.call('DELETE', images.replace(/\/images$/, ''));
    errorOf(busy, 409, 'ERROR.APPLIANCE.IN_USE');
    assert.equal((await forge.call('DELETE', `${first}/status`)).status, 200);
  });

  test('cancelled, nothing of it is left when the answer comes: no process, no file; and it stays cancelled', async () => {
    const image = await generate(images, 'QCOW2');
    await runs(image);
    await until('a build process', async () => (await buildProcesses()).length > 0);
    const answer = await forge.call('DELETE', `${image}/status`);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await buildProcesses(), []);
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
    const status = await statusOf(image);
    assert.equal(element(status, 'cancelled'), 'true');
    assert.equal(element(status, 'complete'), 'false');
    assert.equal(element(status, 'error'), 'false');
    errorOf(await forge.call('DELETE', `${image}/status`), 409, 'ERROR.IMAGE.NOT_GENERATING');
    errorOf(await forge.call('GET', `${image}/downloads`), 409, 'ERROR.IMAGE.NOT_READY');
    const ticket = await forge.call('GET', image);
    assert.match(ticket.headers.get('link') ?? '', /<.*log>; rel="log"/);
    const log = await forge.call('GET', `${image}/log`);
    assert.match(log.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(log.text, /Cancelled/);
    errorOf(
      await forge.call('GET', `${image}/log`, { authorization: null }),
      401,
      'ERROR.AUTHENTICATION.INVALID',
    );
  });

  test('a push while an image is built leaves it its revision, until it has ended', async () => {
    const appliance = images.replace(/\/images$/, '');
    const revisions = (): Promise<string[]> =>
      readdir(join(folder.path, 'data', 'appliances', appliance.replace(/.*\//, '')));
    const image = await generate(images, 'QCOW2');
    await runs(image);
    await importArchive(forge, await archive(template('one')), '?force=true');
    assert.deepEqual((await revisions()).sort(), ['1', '2']);
    assert.equal(element((await forge.call('GET', appliance)).text, 'revision'), '2');
    const { text } = await forge.call('GET', image);
    assert.equal(element(text, 'revision'), '1');
    assert.equal((await forge.call('DELETE', `${image}/status`)).status, 200);
    await until('the old revision has gone', async () => (await revisions()).join() === '2');
  });

  test('deleting one that runs ends it first', async () => {
    const image = await generate(images, 'QCOW2');
    await runs(image);
    assert.equal((await forge.call('DELETE', image)).status, 204);
    errorOf(await forge.call('GET', image), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.deepEqual(await buildProcesses(), []);
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
  });

  test('a forge that is killed knows every ticket again; what ran is in error, its processes and files are gone', async () => {
    const running = await generate(images, 'QCOW2');
    await runs(running);
    const waiting = await generate(otherImages, 'QCOW2');
    await until('a build process', async () => (await buildProcesses()).length > 0);
    await stop(forge.child, 'SIGKILL');
    await until('the build died with it', async () => (await buildProcesses()).length === 0, 10_000);
    forge = await startForge(join(folder.path, 'data'), ['--cache', cacheDir]);
    for (const image of [running, waiting]) {
      const status = await statusOf(image);
      assert.equal(element(status, 'error'), 'true', status);
      assert.equal(
        element(status, 'errorMessage'),
        'The forge was stopped while this image was being built.',
      );
    }
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
    const again = await generate(images, 'QCOW2');
    await runs(again);
    await stop(forge.child, 'SIGTERM');
    assert.deepEqual(await buildProcesses(), [], 'told to stop, it stops its builds');
    forge = await startForge(join(folder.path, 'data'), ['--cache', cacheDir]);
    assert.match(element(await statusOf(again), 'errorMessage') ?? '', /was stopped/);
    assert.equal((await forge.call('DELETE', `${images.replace(/\/images$/, '')}?force=true`)).status, 204);
    errorOf(await forge.call('GET', again), 404, 'ERROR.RESOURCE.NOT_FOUND');
  });

  test('a forge that is drained takes no other image, and ends with the last', async () => {
    const data = join(folder.path, 'drained');
    await using draining = await startForge(data, ['--cache', cacheDir]);
    const { appliance = '' } = await importArchive(draining, await archive(template('drained')));
    const posted = await draining.call('POST', `${appliance}/images`, imageRequest('QCOW2'));
    const image = `/${element(posted.text, 'parentUri') ?? ''}`;
    const gone = once(draining.child, 'exit');
    const drained = ended(['drain', '--data', data]);
    await until('it drains', async () => {
      const status = await fetch(`${draining.url.replace(/\/api$/, '')}/status`);
      return status.status === 503 && ((await status.json()) as { runners: string }).runners === 'draining';
    });
    const other = await draining.call('POST', `${appliance}/images`, imageRequest('VirtualBox'));
    errorOf(other, 503, 'ERROR.SERVER.STOPPING');
    assert.equal((await draining.call('DELETE', `${image}/status`)).status, 200);
    assert.deepEqual(await gone, [0, null]);
    assert.equal((await drained).code, 0);
  });
});

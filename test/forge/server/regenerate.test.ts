import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { cacheDir } from '../../support/builds.ts';
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
  until,
  type Answer,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let images = '';
let left = '';
before(async () => {
  folder = await temporaryFolder();
  left = (await leaveImage(join(folder.path, 'data'), Buffer.from('file'))).uri;
  forge = await startForge(join(folder.path, 'data'), ['--cache', cacheDir]);
  images = `${(await importArchive(forge, await archive(template('again')))).appliance ?? ''}/images`;
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function imageIn(answer: Answer): string {
  assert.equal(answer.status, 201, answer.text);
  return `/${element(answer.text, 'parentUri') ?? ''}`;
}

async function flagOf(image: string, name: string): Promise<string | undefined> {
  return element((await forge.call('GET', `${image}/status`)).text, name);
}

suite('generating again', () => {
  test('one that is going on is refused without force; with force it ends and a new ticket with its request begins', async () => {
    const first = imageIn(await forge.call('POST', images, imageRequest('Raw Virtual Disk')));
    errorOf(await forge.call('POST', first), 409, 'ERROR.IMAGE.ALREADY_GENERATING');
    errorOf(await forge.call('POST', `${first}?force=false`), 409, 'ERROR.IMAGE.ALREADY_GENERATING');
    errorOf(await forge.call('POST', `${first}?force=perhaps`), 400, 'ERROR.REQUEST.QUERY');
    assert.equal(await flagOf(first, 'cancelled'), 'false', 'a refusal leaves it going on');
    const again = await forge.call('POST', `${first}?force=true`);
    const second = imageIn(again);
    assert.notEqual(second, first);
    assert.match(again.text, /<targetFormat>.*<name>Raw Virtual Disk<\/name>/s);
    assert.equal(await flagOf(first, 'cancelled'), 'true');
    assert.equal(await flagOf(second, 'cancelled'), 'false');
    await until('it is known when it will be done', async () => {
      const [error, eta] = [await flagOf(second, 'error'), await flagOf(second, 'eta')];
      assert.equal(error, 'false');
      return eta !== undefined && Date.parse(eta) > Date.now() - 60_000;
    });
    assert.equal((await forge.call('DELETE', `${second}/status`)).status, 200);
    assert.equal(await flagOf(second, 'eta'), undefined, 'what has ended has no expected end');
    errorOf(await forge.call('POST', `${images}/999`), 404, 'ERROR.RESOURCE.NOT_FOUND');
  });

  test('a request whose root password was not kept is not built again with another one', async () => {
    const body =
      '{"image":{"compress":true,"targetFormat":{"name":"QCOW2"},"installProfile":{"rootUser":{"name":"root","password":"only-this-once"}}}}';
    const first = await forge.call('POST', images, {
      headers: { 'content-type': 'application/json' },
      body,
    });
    const ticket = imageIn(first);
    assert.ok(!first.text.includes('only-this-once'));
    const second = imageIn(await forge.call('POST', `${ticket}?force=true`));
    assert.equal((await forge.call('DELETE', `${second}/status`)).status, 200);
    for (const image of [ticket, second]) {
      const message = errorOf(await forge.call('POST', image), 409, 'ERROR.IMAGE.PASSWORD_FORGOTTEN');
      assert.match(message, /machineImage_generate/);
    }
  });
});

suite('all images of an appliance', () => {
  test('their statuses come in four shapes that agree', async () => {
    const uri = left.slice(1);
    const of = left.replace(/\/\d+$/, '');
    const shapes = [
      `${left}/status`,
      `${of}/statuses`,
      `/users/forge/images/status?img=${uri}`,
      '/users/forge/images/status',
    ];
    for (const shape of shapes) {
      const { status, text } = await forge.call('GET', shape);
      assert.equal(status, 200, shape);
      assert.ok(text.includes(`<parentUri>${uri}</parentUri>`), shape);
      assert.ok(text.includes('<complete>true</complete>'), shape);
      const json = await forge.call('GET', shape, { headers: { accept: 'application/json' } });
      assert.ok(json.text.includes(uri), shape);
    }
  });

  test('are deleted with one request, also what is being built, and nothing of another appliance', async () => {
    const running = imageIn(await forge.call('POST', images, imageRequest('QCOW2')));
    assert.equal((await forge.call('DELETE', images)).status, 204);
    assert.equal(element((await forge.call('GET', images)).text, 'total'), '0');
    errorOf(await forge.call('GET', running), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
    assert.equal((await forge.call('GET', left)).status, 200);
    assert.equal((await forge.call('DELETE', left.replace(/\/\d+$/, ''))).status, 204);
    assert.deepEqual(await readdir(join(folder.path, 'data', 'images')), []);
    errorOf(await forge.call('DELETE', '/users/forge/appliances/99/images'), 404, 'ERROR.RESOURCE.NOT_FOUND');
  });
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { cacheDir } from '../../support/builds.ts';
import {
  archive,
  element,
  errorOf,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  until,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

const run = promisify(execFile);

async function simulate(forge: TestForge, name: string, packages: string): Promise<string> {
  const entry = template(name);
  const content = entry.content?.replace('profile: Minimal', `profile: Minimal, pkgs: [${packages}]`) ?? '';
  const { appliance } = await importArchive(forge, await archive({ ...entry, content }));
  const posted = await forge.call('POST', `${appliance ?? ''}/images`, {
    headers: { 'content-type': 'application/json' },
    body: '{"image":{"simulated":true,"compress":true,"targetFormat":{"name":"QCOW2"}}}',
  });
  assert.equal(posted.status, 201, posted.text);
  const image = `/${element(posted.text, 'parentUri') ?? ''}`;
  await until('it has ended', async () => {
    const { text } = await forge.call('GET', `${image}/status`);
    return element(text, 'complete') === 'true' || element(text, 'error') === 'true';
  });
  return image;
}

suite('a simulated image', () => {
  test('has the packages a build would install and no file; one that could not be built ends in error', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await using forge = await startForge(data, ['--cache', cacheDir]);
    const image = await simulate(forge, 'whatif', '{ name: nginx }');
    const { text } = await forge.call('GET', image);
    assert.equal(element(text, 'error'), 'false', text);
    assert.equal(element(text, 'simulated'), 'true');
    assert.equal(element(text, 'imageCreated'), 'false');
    assert.match(element(text, 'message') ?? '', /^Done, simulated on /);
    for (const name of ['fileName', 'downloadUri', 'downloadKey', 'size', 'sha256sum']) {
      assert.equal(element(text, name), undefined, name);
    }
    const json = await forge.call('GET', `${image}/pkgs`, { headers: { accept: 'application/json' } });
    assert.match(json.text, /"name":"nginx"/);
    assert.match(json.text, /"name":"libc6"/);
    const xml = (await forge.call('GET', `${image}/pkgs`)).text;
    assert.ok(Number(element(xml, 'total')) > 100, xml.slice(0, 300));
    assert.match(xml, /<level>0<\/level>(?:(?!<\/imagePkg>).)*<name>nginx<\/name>/s);
    const message = errorOf(await forge.call('GET', `${image}/downloads`), 409, 'ERROR.IMAGE.NOT_READY');
    assert.match(message, /simulation/);
    assert.deepEqual(await readdir(join(data, 'images')), []);
    assert.deepEqual(await workLeft(data), []);

    const found = (await forge.call('GET', '/distributions/12/pkgs?query=name==nginx&latestOnly=true')).text;
    assert.equal(found.match(/<name>/g)?.length, 1, found);
    assert.equal(element(found, 'name'), 'nginx');
    const one = await forge.call('GET', `/${element(found, 'uri') ?? ''}`);
    assert.equal(one.status, 200, one.text);
    assert.equal(element(one.text, 'version'), element(found, 'version'));
    assert.ok(
      xml.includes(`<version>${element(found, 'version') ?? ''}</version>`),
      'it is what was resolved',
    );
    const page = await forge.call('GET', '/distributions/12/pkgs?query=name==nginx*&count=3&orderBy=name');
    assert.equal(page.text.match(/<name>nginx/g)?.length, 3, page.text);
    const none = await forge.call('GET', '/distributions/12/pkgs/1');
    errorOf(none, 404, 'ERROR.RESOURCE.NOT_FOUND');

    const wrong = await simulate(forge, 'nosuch', '{ name: no-such-package-anywhere }');
    const status = (await forge.call('GET', `${wrong}/status`)).text;
    assert.equal(element(status, 'error'), 'true');
    assert.match(element(status, 'errorMessage') ?? '', /no-such-package-anywhere/);
    assert.equal(element((await forge.call('GET', `${wrong}/pkgs`)).text, 'total'), '0');
    assert.deepEqual(await workLeft(data), []);
  });

  test('says which bundles are not for it, and leaves no password on the disk that could be read', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    await using forge = await startForge(data, ['--cache', cacheDir]);
    const more = `  installation: { rootUser: { setPassword: true, password: of-the-template } }
  bundles:
    - { name: far, version: '1', restrictionRule: TargetFormat#type=cloud, files: [{ name: f, source: bundles/far/1/f }] }
`;
    const packed = await archive(template('sealed', '1.0', more), {
      name: 'bundles/far/1/f',
      content: 'f',
    });
    const { appliance, status } = await importArchive(forge, packed);
    assert.ok(appliance !== undefined, status);
    const posted = await forge.call('POST', `${appliance}/images`, {
      headers: { 'content-type': 'application/json' },
      body: '{"image":{"simulated":true,"targetFormat":{"name":"QCOW2"},"installProfile":{"rootUser":{"password":"of-the-request"}}}}',
    });
    assert.equal(posted.status, 201, posted.text);
    const image = `/${element(posted.text, 'parentUri') ?? ''}`;
    const readable = async (): Promise<string> => {
      const pattern = 'of-the-template|of-the-request';
      const { stdout } = await run('sh', ['-c', 'grep -raElZ "$1" "$2" || true', 'sh', pattern, data]);
      return stdout;
    };
    assert.equal(await readable(), '', 'while it waits or runs');
    await until('it has ended', async () => {
      const { text } = await forge.call('GET', `${image}/status`);
      assert.equal(element(text, 'error'), 'false', text);
      return element(text, 'complete') === 'true';
    });
    const message = element((await forge.call('GET', `${image}/status`)).text, 'message') ?? '';
    assert.match(message, /^Done, simulated on .*, without far 1$/);
    assert.equal(await readable(), '', 'afterwards');
  });
});

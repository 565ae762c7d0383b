import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
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
  type Entry,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

const run = promisify(execFile);

async function simulate(forge: TestForge, name: string, packages: string): Promise<string> {
  const entry = template(name);
  const content = entry.content?.replace('profile: Minimal', `profile: Minimal, pkgs: [${packages}]`) ?? '';
  const { appliance } = await importArchive(forge, await archive({ ...entry, content }));
  return await simulateImage(forge, appliance);
}

async function simulateImage(forge: TestForge, appliance: string | undefined): Promise<string> {
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
    for (const name of ['fileName', 'downloadUri', 'downloadKey', 'sha256sum']) {
      assert.equal(element(text, name), undefined, name);
    }
    assert.deepEqual([element(text, 'size'), element(text, 'fileSize')], ['0', '0'], 'clients add them up');
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

    const found = (await forge.call('GET', `/distributions/12/pkgs?query=name=='nginx'&latestOnly=true`))
      .text;
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

/** Everything in a folder but the forge's own: names, rights, contents. */
async function pictureOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => !/^data(\/|$)/.test(name))
    .sort();
  return await Promise.all(
    ['', ...names].map(async (name) => {
      const found = await lstat(join(folder, name));
      const content = found.isFile() ? await readFile(join(folder, name), 'utf8') : '';
      return `${name} ${found.mode.toString(8)} ${content}`;
    }),
  );
}

/** A template with one bundle, whose only archive has these entries. */
async function withArchive(name: string, entries: readonly Entry[]): Promise<Uint8Array> {
  const bundles = `  bundles:
    - name: b
      version: '1'
      destination: /
      files: [{ name: h.tar, source: bundles/b/1/h.tar, extract: true }]
`;
  const tar = gunzipSync(await archive(...entries)).toString('latin1');
  return await archive(template(name, '1.0', bundles), { name: 'bundles/b/1/h.tar', content: tar });
}

suite('a hostile template', () => {
  test('touches nothing on this computer, whatever its names and archives are', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    // As many folders deep as “..” could climb from where builds work: each of them could be hit.
    await mkdir(join(folder.path, 'victim'), { mode: 0o750 });
    await writeFile(join(folder.path, 'victim/file'), 'untouched');
    await chmod(folder.path, 0o750);
    const out = join(folder.path, 'victim').slice(1);
    const up = '../'.repeat(12);
    await using forge = await startForge(data, ['--cache', cacheDir]);
    const before = await pictureOf(folder.path);

    const inBundles = (files: string, more = ''): string =>
      `  bundles:\n    - { name: b, version: '1', destination: /, files: [${files}]${more} }\n`;
    const file = 'source: bundles/b/1/f';
    const disk = (name: string, mountPoint = '/'): string =>
      `  installation: { partitioning: { disks: [{ name: "${name}", size: 4096, partitions: [{ number: 1, fstype: ext4, size: 1024, mountPoint: "${mountPoint}" }] }] } }\n`;
    const names: Readonly<Record<string, readonly [string, RegExp]>> = {
      'nested dots': [
        inBundles(`{ name: t, source: bundles/b/1, files: [{ name: .., ${file}, destination: / }] }`),
        /files\[0\]\.files\[0\]\.name is “\.\.”/,
      ],
      'dots in a name': [inBundles(`{ name: ${up}${out}/x, ${file} }`), /files\[0\]\.name “\.\.\//],
      destination: [inBundles(`{ name: x, ${file}, destination: /${up}${out} }`), /destination “\/\.\.\//],
      symlink: [inBundles(`{ name: x, ${file}, symlink: /${up}${out}/l }`), /symlink “\/\.\.\//],
      separator: [inBundles(`{ name: "a\\x1f/etc", ${file} }`), /has a line break/],
      source: [inBundles(`{ name: x, source: ${up}${out}/file }`), /leaves the archive's folder/],
      licence: [
        inBundles(`{ name: x, ${file} }`, `, license: { name: .., ${file} }`),
        /license\.name is “\.\.”/,
      ],
      disk: [disk(`${up}${out}/x`), /disks\[0\]\.name “\.\.\/.*is no name of a disk/],
      'a mount point': [disk('sda', `/a/${up}${out}`), /mountPoint “\/a\/\.\./],
      'a mount point that is a dot': [disk('sda', '/.'), /mountPoint “\/\.”/],
      home: [
        `  installation: { users: [{ name: eve, homeDir: /home/${up}${out} }] }\n`,
        /homeDir “\/home\/\.\./,
      ],
    };
    for (const [name, [more, message]] of Object.entries(names)) {
      const packed = await archive(template(name, '1.0', more), { name: 'bundles/b/1/f', content: 'f' });
      const { status } = await importArchive(forge, packed);
      assert.match(status, message, name);
    }

    const link = (name: string, linkname: string): Entry => ({ name, type: 'symlink', linkname });
    const archives: Readonly<Record<string, readonly [readonly Entry[], RegExp]>> = {
      'links that lead out together': [
        [link('x/y', '..'), link('x/l', `y/${up}${out}`), { name: 'x/l/f', content: 'f' }],
        /“x\/l\/f” goes through the link “x\/l”/,
      ],
      'links that lead out one through the other': [
        [link('x/y', '..'), link('l', 'x/y/..'), { name: 'f', content: 'f' }],
        /the link “l” leads out of it/,
      ],
      'a hard link out': [[{ name: 'l', type: 'link', linkname: `${up}${out}/file` }], /leads out of it/],
      'a hard link to what is here': [
        [{ name: 'l', type: 'link', linkname: `${out}/file` }],
        /is no file in it/,
      ],
      'a path out': [[{ name: `${up}${out}/f`, content: 'f' }], /leads out of it/],
      'an absolute path': [[{ name: `/${out}/f`, content: 'f' }], /leads out of it/],
      'a separator': [[{ name: 'a\x1f/etc\x1froot:root\x1f777', content: 'f' }], /control character/],
    };
    for (const [name, [entries, message]] of Object.entries(archives)) {
      const { appliance, status } = await importArchive(forge, await withArchive(name, entries));
      assert.ok(appliance !== undefined, status);
      const image = await simulateImage(forge, appliance);
      const { text } = await forge.call('GET', `${image}/status`);
      assert.match(element(text, 'errorMessage') ?? '', message, name);
      assert.doesNotMatch(text, new RegExp(data), 'no path of this computer is told');
    }
    assert.deepEqual(await pictureOf(folder.path), before);
    assert.deepEqual(await workLeft(data), []);
  });
});

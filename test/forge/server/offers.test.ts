import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { leaveImage } from './seeded.ts';
import {
  archive,
  element,
  errorOf,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  type TestForge,
} from './support.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let image = '';
before(async () => {
  folder = await temporaryFolder();
  image = (await leaveImage(join(folder.path, 'data'), Buffer.from('file'))).uri;
  forge = await startForge(join(folder.path, 'data'));
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function get(path: string): Promise<string> {
  const { status, text } = await forge.call('GET', path);
  assert.equal(status, 200, `${path}: ${text}`);
  const json = await forge.call('GET', path, { headers: { accept: 'application/json' } });
  assert.equal(json.status, 200, path);
  JSON.parse(json.text);
  return text;
}

suite('what the forge offers', () => {
  test('formats: the user’s, the organisation’s and their primitives are the same ones', async () => {
    const orgs = await get('/users/forge/orgs');
    const org = `/${element(orgs, 'uri') ?? ''}`;
    assert.equal(element(await get('/users/forge/orgs?name=Other'), 'total'), '0');
    const mine = await get('/users/forge/targetformats');
    assert.equal(await get(`${org}/targetformats`), mine);
    const qcow2 = await get(`${org}/targetformats?query=name==QCOW2`);
    assert.equal(element(qcow2, 'total'), '1');
    const one = await get(`${org}/targetformats/${element(qcow2, 'dbId') ?? ''}`);
    assert.match(one, /<name>QCOW2<\/name>/);
    const primitives = await get('/users/forge/formats?query=name==qcow2');
    assert.equal(element(primitives, 'total'), '1');
    for (const path of [`${org}/targetformats/999`, '/orgs/7/targetformats', '/orgs/7/targetplatforms']) {
      errorOf(await forge.call('GET', path), 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
    errorOf(
      await forge.call('GET', '/orgs/1/targetformats', { authorization: null }),
      401,
      'ERROR.AUTHENTICATION.INVALID',
    );
  });

  test('platforms: those its formats are published to, which lead to each other', async () => {
    for (const path of ['/users/forge/targetplatforms', '/orgs/1/targetplatforms']) {
      assert.equal(element(await get(`${path}?query=name==OpenStack`), 'type'), 'openstack');
      errorOf(await forge.call('GET', `${path}?query=(`), 400, 'ERROR.REQUEST.QUERY');
      errorOf(await forge.call('GET', `${path}?count=x`), 400, 'ERROR.REQUEST.QUERY');
    }
    const azure = await get('/users/forge/targetplatforms?query=name==*Azure');
    const formats = await get(`/${element(azure, 'targetFormatsUri') ?? ''}`);
    assert.equal(element(formats, 'credAccountType'), 'azure');
    assert.match(formats, /<category>.*<name>Cloud<\/name>.*<type>IMAGEFORMAT<\/type>.*<\/category>/);
    assert.equal(
      element(await get(`/${element(formats, 'targetPlatformsUri') ?? ''}`), 'name'),
      'Microsoft Azure',
    );
    for (const path of ['/orgs/1/targetplatforms/99', '/users/forge/targetplatforms/99/targetformats']) {
      errorOf(await forge.call('GET', path), 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
  });

  test('platform tools: the Debian packages that an image of a format has for its platform', async () => {
    const images = image.replace(/\/\d+$/, '');
    const tools = async (format: string): Promise<string> => {
      const found = await get(`/orgs/1/targetformats?query=name=='${encodeURIComponent(format)}'`);
      return await get(`${images}/platformtools/${element(found, 'dbId') ?? ''}`);
    };
    assert.equal(element(await tools('VirtualBox'), 'total'), '0');
    const openStack = await tools('OpenStack QCOW2');
    assert.match(openStack, /<name>cloud-init<\/name>[^]*<name>qemu-guest-agent<\/name>/);
    const software = await get(`/${element(openStack, 'uri') ?? ''}/pkgs`);
    assert.equal(element(software, 'name'), 'cloud-init');
    errorOf(await forge.call('GET', '/orgs/1/platformtools/999/pkgs'), 404, 'ERROR.RESOURCE.NOT_FOUND');
    for (const path of [`${images}/platformtools/999`, '/users/forge/appliances/99/images/platformtools/1']) {
      errorOf(await forge.call('GET', path), 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
  });

  test('distributions are searched, and lead to their profiles', async () => {
    const all = await get('/distributions');
    assert.equal(await get('/users/forge/distros'), all);
    assert.ok(Number(element(all, 'total')) >= 2, all);
    const twelve = await get('/distributions?query=name==Debian;version==12');
    assert.equal(element(twelve, 'total'), '1');
    const uri = `/${element(twelve, 'basePkgsUri')?.replace(/\/pkgs$/, '') ?? ''}`;
    assert.equal(element(await get(uri), 'version'), '12');
    const profiles = await get(`/${element(twelve, 'baseProfilesUri') ?? ''}?query=name==Minimal`);
    assert.match(profiles, /LinuxProfile/);
    const profile = await get(`/${element(profiles, 'uri') ?? ''}`);
    assert.equal(element(profile, 'name'), 'Minimal');
    assert.match(profile, /systemd-sysv/);
    const server = await get(`${uri}/profiles/2`);
    assert.equal(element(server, 'name'), 'Server');
    assert.match(server, /openssh-server/);
    assert.doesNotMatch(server, /systemd-sysv/);
    for (const path of [
      '/distributions/10',
      '/distributions/10/pkgs',
      '/distributions/10/profiles',
      `${uri}/profiles/3`,
    ]) {
      errorOf(await forge.call('GET', path), 404, 'ERROR.RESOURCE.NOT_FOUND');
    }
  });
});

suite('packages of a distribution', () => {
  test('are fetched from the mirror by whoever asks first, and found', async () => {
    const found = await get('/distributions/12/pkgs?query=name==nginx-light&latestOnly=true');
    assert.equal(element(found, 'name'), 'nginx-light');
    const repositoryOf = async (name: string): Promise<string | undefined> =>
      element(await get(`/distributions/12/pkgs?query=name=='${name}'&latestOnly=true`), 'repositoryName');
    assert.equal(await repositoryOf('bash'), 'bookworm/main');
    assert.equal(await repositoryOf('firmware-linux'), 'bookworm/non-free-firmware');
    const providing = await get("/distributions/12/pkgs?query=provides=='awk'&latestOnly=true");
    assert.deepEqual(
      providing.match(/<name>[^<]*/g)?.toSorted(),
      ['gawk', 'mawk', 'original-awk'].map((name) => `<name>${name}`),
    );
    const kernels = await get("/distributions/12/pkgs?query=name=='linux-image-amd64'");
    assert.match(kernels, />bookworm-backports\/main</, 'it is in the backports, too');
    assert.match((await repositoryOf('linux-image-amd64')) ?? '', /^bookworm(-security)?\/main$/);
  });

  test('are refused with all else that is wrong: those that are not there, and those of which one is to be chosen', async () => {
    const entry = template('virtual', '1.0', '  installation: { seLinuxMode: enforcing }\n');
    const asked = 'pkgs: [{ name: nosuchpackage }, { name: awk }, { name: default-mta }]';
    const content = entry.content?.replace('profile: Minimal', `profile: Minimal, ${asked}`) ?? '';
    const { appliance = '' } = await importArchive(forge, await archive({ ...entry, content }));
    const answer = await forge.call('POST', `${appliance}/images`, {
      headers: { 'content-type': 'application/json' },
      body: '{"image":{"simulated":true,"targetFormat":{"name":"QCOW2"}}}',
    });
    assert.match(
      errorOf(answer, 400, 'ERROR.IMAGE.NOT_BUILDABLE'),
      /“awk” is no package by itself: name one of those that provide it: gawk, mawk, original-awk\. Debian 12 has no package “nosuchpackage”\.$/,
    );
  });

  test('are missing with that sentence when the mirror can’t be reached', async () => {
    await using other = await temporaryFolder();
    const nowhere = 'http://127.0.0.1:9';
    await using unplugged = await startForge(
      join(other.path, 'data'),
      ['--cache', join(other.path, 'cache')],
      {
        FORGE_MIRROR: nowhere,
      },
    );
    for (const path of ['/distributions/12/pkgs', '/distributions/12/pkgs/1']) {
      const message = errorOf(await unplugged.call('GET', path), 503, 'ERROR.SERVER.NO_PACKAGE_INDEX');
      assert.equal(message, `The Debian mirror ${nowhere} can't be reached.`);
    }
  });
});

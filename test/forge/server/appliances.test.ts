import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { packTemplate } from '../../../src/appliance/archive/packTemplate.ts';
import { readTemplate } from '../../../src/forge/images/buildInputs.ts';
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
  type Answer,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
before(async () => {
  folder = await temporaryFolder();
  forge = await startForge(join(folder.path, 'data'), ['--cache', cacheDir]);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const home = '/users/forge';

/** Sends a document as the API's pages show it. */
async function xml(method: string, path: string, root: string, content = ''): Promise<Answer> {
  return await forge.call(method, path, {
    headers: { 'content-type': 'application/xml' },
    body: `<ns0:${root} xmlns:ns0="http://www.usharesoft.com/uforge">${content}</ns0:${root}>`,
  });
}

type Json = Readonly<Record<string, unknown>>;

async function json(method: string, path: string, body?: Json): Promise<{ status: number; value: Json }> {
  const { status, text } = await forge.call(method, path, {
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status, value: text === '' ? {} : (Object.values(JSON.parse(text) as Json)[0] as Json) };
}

/** A new appliance without anything, and its path. */
async function create(name: string): Promise<string> {
  const content = `<name>${name}</name><version>1.0</version><distributionUri>distributions/12</distributionUri><orgUri>orgs/1</orgUri>`;
  const made = await xml('POST', `${home}/appliances`, 'appliance', content);
  assert.equal(made.status, 201, made.text);
  return `${home}/appliances/${element(made.text, 'dbId') ?? ''}`;
}

async function revision(path: string): Promise<number> {
  return Number((await json('GET', path)).value['revision']);
}

/** What the appliance is built from. */
async function definition(path: string) {
  const id = /\d+$/.exec(path)?.[0] ?? '';
  return await readTemplate(join(folder.path, 'data', 'appliances', id, String(await revision(path))));
}

/** Everything the API shows of an appliance but what is its own: ids, dates, links. */
async function shown(path: string): Promise<unknown> {
  const id = /\d+$/.exec(path)?.[0] ?? '';
  const own = new Set(['created', 'lastModified', 'digest', 'uuid', 'revision', 'size', 'imported']);
  const strip = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value
        .replaceAll(path.slice(1), 'APPLIANCE')
        .replaceAll(`/${id}/`, '/ID/')
        .replace(new RegExp(`/${id}$`), '/ID');
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== 'object' || value === null) return value === Number(id) ? 'ID' : value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([key]) => !own.has(key))
        .map(([key, each]) => [key, strip(each)]),
    );
  };
  const parts = [
    '',
    '/installProfile',
    '/bootscripts',
    `/osprofile/${id}`,
    `/osprofile/${id}/pkgs`,
    '/mysoftware',
  ];
  return await Promise.all(parts.map(async (part) => strip((await json('GET', `${path}${part}`)).value)));
}

async function exported(path: string, query = ''): Promise<Uint8Array> {
  const ticket = await json('POST', `${path}/exports${query}`);
  assert.equal(ticket.status, 201);
  const uri = `/${String(ticket.value['uri'])}`;
  await until(
    'it is exported',
    async () => (await json('GET', `${uri}/status`)).value['complete'] === true,
    20_000,
  );
  const { value } = await json('GET', uri);
  assert.equal(value['downloadUri'], `${uri.slice(1)}/downloads`);
  assert.equal(value['downloaded'], false);
  const authorization = `Basic ${Buffer.from(`${forge.user}:${forge.password}`).toString('base64')}`;
  const answer = await fetch(`${forge.url}${uri}/downloads`, { headers: { authorization } });
  assert.equal(answer.status, 200);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.equal((await json('GET', uri)).value['downloaded'], true);
  assert.equal((await forge.call('DELETE', uri)).status, 204);
  errorOf(await forge.call('GET', uri), 404, 'ERROR.RESOURCE.NOT_FOUND');
  return bytes;
}

suite('an appliance made call by call', () => {
  test('is the nginx example, as if it had been imported', async () => {
    const example = fileURLToPath(new URL('../../../examples/nginx/', import.meta.url));
    const packed = await packTemplate(join(example, 'template.yml'));
    const imported = (await importArchive(forge, await buffer(packed.content()))).appliance ?? '';
    assert.equal((await json('PUT', imported, { appliance: { name: 'nginx imported' } })).status, 200);

    const path = await create('nginx');
    assert.equal(
      (await json('PUT', path, { appliance: { description: 'nginx and OpenSSH on Debian 12' } })).status,
      200,
    );
    const profile = await xml(
      'POST',
      `${path}/osprofile`,
      'linuxProfile',
      '<name>Minimal</name><standardProfileUri>distributions/12/profiles/1</standardProfileUri>',
    );
    assert.equal(profile.status, 201, profile.text);
    const osProfile = `/${element(profile.text, 'uri') ?? ''}`;
    const found = (await forge.call('GET', '/distributions/12/pkgs?query=name==%27nginx%27&latestOnly=true'))
      .text;
    const added = await xml(
      'PUT',
      `${osProfile}/pkgs`,
      'packages',
      `<addedPkgUris><uri>${element(found, 'uri') ?? ''}</uri></addedPkgUris>`,
    );
    assert.equal(added.status, 200, added.text);
    const pkgs = (await json('GET', `${osProfile}/pkgs`)).value['pkgs'] as { pkg: Json[] };
    const list = { pkgs: { pkg: [pkgs.pkg[0], { name: 'openssh-server' }, ...pkgs.pkg.slice(1)] } };
    assert.equal((await json('PUT', `${osProfile}/pkgs`, { packages: list })).status, 200);
    const installProfile = await json('PUT', `${path}/installProfile`, {
      installProfile: {
        diskSize: 8192,
        internetSettingsAuto: true,
        timezone: 'Etc/UTC',
        timezoneAuto: true,
        rootUser: { password: 'appliance', passwordAuto: true },
      },
    });
    assert.equal(installProfile.status, 200);
    assert.doesNotMatch(JSON.stringify(installProfile.value), /"appliance"/);
    const script = await xml(
      'POST',
      `${path}/bootscripts`,
      'bootScript',
      '<name>announce</name><bootOrder>1</bootOrder><bootType>firstboot</bootType>',
    );
    assert.equal(script.status, 201, script.text);
    const request = { image: { simulated: true, targetFormat: { name: 'QCOW2' } } };
    const early = await forge.call('POST', `${path}/images`, {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
    });
    assert.match(errorOf(early, 400, 'ERROR.APPLIANCE.INCOMPLETE'), /config\/announce/);
    const bytes = await readFile(join(example, 'config/announce.sh'));
    const uploaded = await forge.call('POST', `/${element(script.text, 'uri') ?? ''}/bin/announce.sh`, {
      body: bytes,
      headers: { 'content-type': 'application/octet-stream' },
    });
    assert.equal(uploaded.status, 201, uploaded.text);
    assert.equal(element(uploaded.text, 'uploaded'), 'true');
    assert.equal(
      (await forge.call('GET', `/${element(uploaded.text, 'binaryUri') ?? ''}`)).text,
      bytes.toString(),
    );

    const anonymous = await forge.call('GET', `/${element(uploaded.text, 'binaryUri') ?? ''}`, {
      authorization: null,
    });
    errorOf(anonymous, 401, 'ERROR.AUTHENTICATION.INVALID');

    // The example says that the network is basic, which is so without a word, and has builders, which a
    // request brings.
    const { stack } = await definition(imported);
    const { stack: made } = await definition(path);
    const installation = { ...made.installation, internetSettings: 'basic' };
    assert.deepEqual({ ...made, name: 'nginx imported', installation }, stack);

    const simulate = async (appliance: string): Promise<unknown> => {
      const posted = await json('POST', `${appliance}/images`, request);
      assert.equal(posted.status, 201);
      const image = `/${String(posted.value['uri'])}`;
      await until('it has ended', async () => {
        const { value } = await json('GET', `${image}/status`);
        assert.equal(value['error'], false, JSON.stringify(value));
        return value['complete'] === true;
      });
      return (await json('GET', `${image}/pkgs`)).value['imagePkgs'];
    };
    const packages = await simulate(path);
    assert.match(JSON.stringify(packages), /"name":"nginx"/);
    assert.deepEqual(packages, await simulate(imported));
  });

  test('is exported and imported again as the same appliance, in YAML and in JSON', async () => {
    const path = await create('whole');
    const id = /\d+$/.exec(path)?.[0] ?? '';
    await xml('POST', `${path}/osprofile`, 'linuxProfile', '<name>Minimal</name>');
    await json('PUT', `${path}/osprofile/${id}/pkgs`, {
      packages: { pkgs: { pkg: [{ name: 'nginx', version: '1.22.1', release: '9', sticky: true }] } },
    });
    const profile = `${path}/installProfile/${id}`;
    await json('PUT', profile, {
      installProfile: {
        keyboard: 'fr',
        firewallAuto: false,
        kernelParameters: 'quiet,console=ttyS0,115200',
        welcomeMsg: 'Yes: "no" & <so on>',
      },
    });
    assert.equal(
      (
        await json('POST', `${profile}/users`, {
          osUser: {
            name: 'zoe',
            password: 'secret',
            fullName: 'Zoé',
            homeDir: '/home/zoe',
            shell: '/bin/bash',
          },
        })
      ).status,
      201,
    );
    assert.equal(
      (await json('POST', `${profile}/groups`, { osGroup: { name: 'dev', groupId: '2001' } })).status,
      201,
    );
    assert.equal(
      (await json('POST', `${profile}/nics`, { nic: { name: 'eth0', order: 1, ipv4Method: 'AUTOMATIC' } }))
        .status,
      201,
    );
    const table = `${profile}/pt/${id}`;
    assert.equal(
      (
        await xml(
          'POST',
          `${table}/disks`,
          'disk',
          '<name>sda</name><partitionType>MSDOS</partitionType><size>20480</size>',
        )
      ).status,
      201,
    );
    assert.equal(
      (
        await xml(
          'POST',
          `${table}/disks/1/partitions`,
          'partition',
          '<fstype>ext4</fstype><mpoint>/</mpoint><size>8192</size>',
        )
      ).status,
      201,
    );
    const lvm = await xml(
      'POST',
      `${table}/disks/1/partitions`,
      'partition',
      '<fstype>lvm2</fstype><size>4096</size>',
    );
    const group = await json('POST', `${table}/groups`, {
      logicalGroup: { groupName: 'vg0', partitionUris: { uri: [element(lvm.text, 'uri')] } },
    });
    assert.equal(group.status, 201);
    const volume = await xml(
      'POST',
      `${table}/volumes`,
      'logicalVolume',
      `<groupUri>${String(group.value['uri'])}</groupUri><name>data</name><volumes><volume><fstype>ext4</fstype><mpoint>/data</mpoint><size>1024</size></volume></volumes>`,
    );
    assert.equal(volume.status, 201, volume.text);
    const script = await json('POST', `${path}/bootscripts`, {
      bootScript: { name: 'a b', bootType: 'everyboot' },
    });
    await forge.call('POST', `/${String(script.value['uri'])}/bin/a%20b.sh`, {
      body: '#!/bin/sh\n',
      headers: { 'content-type': 'text/plain' },
    });

    const before = await shown(path);
    const { stack } = await definition(path);
    let current = path;
    for (const query of ['', '?outputFormat=json', '?outputFormat=yaml']) {
      const bytes = await exported(current, query);
      const clash = await importArchive(forge, bytes);
      assert.match(element(clash.status, 'errorMessage') ?? '', /same name and version/);
      assert.equal((await forge.call('DELETE', current)).status, 204);
      current = (await importArchive(forge, bytes)).appliance ?? '';
      assert.deepEqual(await shown(current), before);
      assert.deepEqual((await definition(current)).stack, stack);
    }
    const copy = await json('POST', `${current}/clones`, { appliance: { name: 'copy', version: '2' } });
    assert.equal(copy.status, 201);
    assert.equal(copy.value['parentApplianceUri'], current.slice(1));
    assert.deepEqual((await definition(`/${String(copy.value['uri'])}`)).stack, {
      ...stack,
      name: 'copy',
      version: '2',
    });
    assert.deepEqual(await readdir(join(folder.path, 'data', 'exports')), []);
    assert.deepEqual(await workLeft(join(folder.path, 'data')), []);
  });
});

suite('names that no file can have', () => {
  const names = ['..', 'a\0b', 'a\x1fb', 'a\nb', 'n'.repeat(300)];

  test('are refused for scripts and their files, and a long one that can be had has room for a number', async () => {
    const path = await create('odd names');
    const before = await revision(path);
    for (const name of names) {
      const bootScript = { name, bootType: 'everyboot' };
      assert.equal((await json('POST', `${path}/bootscripts`, { bootScript })).status, 400, name);
      const whole = { appliance: { bootScripts: { bootScript: [bootScript] } } };
      assert.equal((await json('PUT', path, whole)).status, 400, name);
    }
    assert.equal(await revision(path), before);
    const longest = 'ä'.repeat(127);
    for (const name of ['one', 'two']) {
      const made = await json('POST', `${path}/bootscripts`, { bootScript: { name, bootType: 'everyboot' } });
      const upload = async (fileName: string): Promise<Answer> =>
        forge.call('POST', `/${String(made.value['uri'])}/bin/${encodeURIComponent(fileName)}`, {
          body: `#!/bin/sh\n# ${name}\n`,
          headers: { 'content-type': 'text/plain' },
        });
      // An address has no “..”: fetch takes it away.
      for (const fileName of names.slice(1)) {
        // No address has a control character but line breaks and tabs.
        const isNoAddress = /[^\P{Cc}\t\n\r]/u.test(fileName);
        const id = isNoAddress ? 'ERROR.RESOURCE.NOT_FOUND' : 'ERROR.APPLIANCE.DEFINITION';
        errorOf(await upload(fileName), isNoAddress ? 404 : 400, id);
      }
      assert.equal((await upload(longest)).status, 201);
      assert.equal((await upload(longest)).status, 201, 'over its own');
    }
    const sources = (await definition(path)).stack.config?.map(({ source }) => source);
    assert.deepEqual(sources, [`config/${longest}`, `config/${'ä'.repeat(120)}.2`]);
  });

  test('are refused for disks and mount points', async () => {
    const path = await create('odd disks');
    const id = /\d+$/.exec(path)?.[0] ?? '';
    const disks = `${path}/installProfile/${id}/pt/${id}/disks`;
    const disk = (name: string, mpoint: string) => ({
      disk: { name, size: 4096, partitions: { partition: [{ size: 1024, fstype: 'ext4', mpoint }] } },
    });
    for (const name of ['../../tmp/x', ...names]) {
      assert.equal((await json('POST', disks, disk(name, '/'))).status, 400, name);
    }
    for (const mpoint of ['/.', '//x', '/a/../../x', '/a\x1f', '/a\nb', `/${'n'.repeat(300)}`]) {
      assert.equal((await json('POST', disks, disk('sda', mpoint))).status, 400, mpoint);
    }
  });
});

suite('the parts of an appliance', () => {
  test('come, change and go, each with its own revision', async () => {
    const path = await create('parts');
    const profile = `${path}/installProfile/${/\d+$/.exec(path)?.[0] ?? ''}`;
    const before = await revision(path);
    const made = await json('POST', `${profile}/users`, { osUser: { name: 'zoe', password: 'secret' } });
    const uri = `/${String(made.value['uri'])}`;
    assert.equal(made.value['password'], undefined);
    assert.equal(await revision(path), before + 1);
    const twice = await xml('POST', `${profile}/users`, 'osUser', '<name>zoe</name>');
    errorOf(twice, 409, 'ERROR.APPLIANCE.PART_EXISTS');
    assert.equal(await revision(path), before + 1);
    const same = await json('PUT', uri, { osUser: { name: 'zoe' } });
    assert.equal(same.status, 200);
    assert.equal(await revision(path), before + 1, 'what changes nothing makes no revision');
    assert.equal((await json('PUT', uri, { osUser: { shell: '/bin/sh' } })).value['shell'], '/bin/sh');
    const [zoe] = (await definition(path)).stack.installation?.users ?? [];
    assert.deepEqual(
      { ...zoe, password: '' },
      { name: 'zoe', password: '', encrypted: true, shell: '/bin/sh' },
    );
    assert.match(zoe?.password ?? '', /^\$6\$/);
    const list = await json('GET', `${profile}/users`);
    assert.equal(list.value['total'], 1);
    const unchanged = await forge.call('GET', uri, {
      headers: { 'if-none-match': (await forge.call('GET', uri)).headers.get('etag') ?? '' },
    });
    assert.equal(unchanged.status, 304);
    assert.equal((await forge.call('DELETE', uri)).status, 204);
    errorOf(await forge.call('GET', uri), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.equal((await definition(path)).stack.installation, undefined);
  });

  test('of a disk: primary and logical partitions, numbered in their order', async () => {
    const path = await create('disks');
    const id = /\d+$/.exec(path)?.[0] ?? '';
    const disks = `${path}/installProfile/${id}/pt/${id}/disks`;
    // As the API's page has it, which forgets the list around the partition and the namespace.
    const disk = await forge.call('POST', disks, {
      headers: { 'content-type': 'application/xml' },
      body: '<disk xmlns:ns0="http://www.usharesoft.com/uforge"><name>sda</name><partitionType>MSDOS</partitionType><partition><name>boot</name><mpoint>/boot</mpoint><size>256</size><label>/boot</label><fstype>ext3</fstype></partition></disk>',
    });
    assert.equal(disk.status, 201, disk.text);
    assert.equal(element(disk.text, 'fstype'), 'ext3', disk.text);
    assert.equal((await json('PUT', `${disks}/1`, { disk: { size: 40_000 } })).status, 200);
    const extended = await json('POST', `${disks}/1/partitions`, {
      partition: { fstype: 'Extended', size: 8192 },
    });
    assert.equal(extended.value['dbId'], 2);
    for (const [index, number] of [5, 6].entries()) {
      const logical = await json('POST', `${disks}/1/partitions/2/lpartitions`, {
        partition: { fstype: 'ext4', size: 1024, mpoint: `/data${index}` },
      });
      assert.equal(logical.value['dbId'], number);
    }
    errorOf(
      await xml('POST', `${disks}/1/partitions/1/lpartitions`, 'partition', '<size>64</size>'),
      400,
      'ERROR.APPLIANCE.DEFINITION',
    );
    const full = await xml(
      'POST',
      `${disks}/1/partitions/2/lpartitions`,
      'partition',
      '<fstype>ext4</fstype><size>90000</size>',
    );
    assert.match(errorOf(full, 400, 'ERROR.APPLIANCE.DEFINITION'), /more than/);
    assert.equal((await json('GET', `${disks}/1/partitions`)).value['total'], 2);
    assert.equal(
      (await json('GET', `${disks}/1/partitions/2/lpartitions?orderBy=size&count=1`)).value['total'],
      2,
    );
    errorOf(await forge.call('GET', `${disks}/2/partitions`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    errorOf(
      await forge.call('GET', `${path}/installProfile/${id}/pt/99999/disks`),
      404,
      'ERROR.RESOURCE.NOT_FOUND',
    );
    assert.equal((await forge.call('DELETE', disks)).status, 204);
    assert.equal((await definition(path)).stack.installation, undefined);
  });

  test('are refused with the name of each field that can’t be kept, and nothing is', async () => {
    const path = await create('refused');
    const before = await revision(path);
    const answer = await xml(
      'PUT',
      `${path}/installProfile`,
      'installProfile',
      '<runSysprep>true</runSysprep><timezone>Europe/London</timezone><memorySize>512</memorySize>',
    );
    const message = errorOf(answer, 400, 'ERROR.APPLIANCE.DEFINITION');
    assert.match(message, /installProfile\/runSysprep/);
    assert.match(message, /installProfile\/memorySize/);
    assert.equal(await revision(path), before);
    assert.equal((await json('GET', `${path}/installProfile`)).value['timezone'], undefined);
  });
});

suite('an appliance', () => {
  test('needs a name and a version, and is alone with its name and version', async () => {
    const answer = await xml('POST', `${home}/appliances`, 'appliance', '<name>x</name>');
    assert.match(errorOf(answer, 400, 'ERROR.APPLIANCE.DEFINITION'), /version is missing/);
    const path = await create('alone');
    const twice = await xml(
      'POST',
      `${home}/appliances`,
      'appliance',
      '<name>alone</name><version>1.0</version><distributionUri>distributions/12</distributionUri>',
    );
    errorOf(twice, 409, 'ERROR.APPLIANCE.EXISTS');
    const other = await create('other');
    errorOf(await xml('PUT', other, 'appliance', '<name>alone</name>'), 409, 'ERROR.APPLIANCE.EXISTS');
    errorOf(
      await xml('POST', `${path}/clones`, 'appliance', '<name>other</name><version>1.0</version>'),
      409,
      'ERROR.APPLIANCE.EXISTS',
    );
    errorOf(
      await xml('POST', `${path}/clones`, 'appliance', '<name>clone</name>'),
      400,
      'ERROR.APPLIANCE.DEFINITION',
    );
  });

  test('without an OS profile is there, but can’t be generated', async () => {
    const path = await create('bare');
    const id = /\d+$/.exec(path)?.[0] ?? '';
    const request = '<targetFormat><name>QCOW2</name></targetFormat>';
    errorOf(await xml('POST', `${path}/images`, 'image', request), 400, 'ERROR.APPLIANCE.NO_OS_PROFILE');
    errorOf(await forge.call('GET', `${path}/osprofile/${id}`), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.equal(
      (await xml('POST', `${path}/osprofile`, 'linuxProfile', '<name>Minimal</name>')).status,
      201,
    );
    errorOf(
      await xml('POST', `${path}/osprofile`, 'linuxProfile', '<name>Minimal</name>'),
      409,
      'ERROR.APPLIANCE.PART_EXISTS',
    );
    const profile = await json('GET', `${path}/osprofile/${id}`);
    assert.equal(profile.value['@xsi.type'], 'LinuxProfile');
    assert.equal((await forge.call('DELETE', `${path}/osprofile/${id}`)).status, 204);
    const unknown = await xml('POST', `${path}/osprofile`, 'linuxProfile', '<name>Desktop</name>');
    assert.match(errorOf(unknown, 400, 'ERROR.APPLIANCE.DEFINITION'), /Minimal, Server/);
    const server = await json('POST', `${path}/osprofile`, {
      distribProfile: { '@xsi.type': 'LinuxProfile', name: 'Server' },
    });
    assert.equal(server.value['standardProfileUri'], 'distributions/12/profiles/2');
    const { text: pkgs } = await forge.call('GET', `${path}/osprofile/${id}/pkgs`);
    for (const name of ['openssh-server', 'systemd-sysv']) assert.ok(pkgs.includes(`<name>${name}<`), pkgs);
  });

  test('edited by many at once loses no edit', async () => {
    const path = await create('busy');
    const profile = `${path}/installProfile/${/\d+$/.exec(path)?.[0] ?? ''}`;
    const names = Array.from({ length: 12 }, (_, index) => `user${index}`);
    const answers = await Promise.all(
      names.map((name) => json('POST', `${profile}/users`, { osUser: { name } })),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    const { users } = (await definition(path)).stack.installation ?? {};
    assert.deepEqual(users?.map(({ name }) => name).sort(), names.sort());
    await json('PUT', path, { appliance: { description: 'No longer busy' } });
    const kept = await readdir(join(folder.path, 'data', 'appliances', /\d+$/.exec(path)?.[0] ?? ''));
    assert.equal(kept.length, 1, kept.join());
  });
});

suite('an import', () => {
  test('keeps what the template language does not know, through edits and exports', async () => {
    const more = '  installation: { timezone: Etc/UTC, fromTheFuture: { deep: [1, two] } }\nlater: true\n';
    const { appliance = '' } = await importArchive(forge, await archive(template('future', '1.0', more)));
    await json('PUT', `${appliance}/installProfile`, { installProfile: { timezone: 'Europe/London' } });
    const bytes = await exported(appliance, '?outputFormat=json');
    const forced = await importArchive(forge, bytes, '?force=true&imported=true');
    assert.equal(forced.appliance, appliance);
    const id = /\d+$/.exec(appliance)?.[0] ?? '';
    const folderOf = join(folder.path, 'data', 'appliances', id, String(await revision(appliance)));
    const stored = JSON.parse(await readFile(join(folderOf, 'template.json'), 'utf8')) as {
      later: boolean;
      stack: { installation: Json };
    };
    assert.equal(stored.later, true);
    assert.deepEqual(stored.stack.installation, {
      timezone: 'Europe/London',
      fromTheFuture: { deep: [1, 'two'] },
    });
    assert.equal((await json('GET', appliance)).value['imported'], true);
  });

  test('takes the distribution’s major version when it is asked to', async () => {
    const point = { ...template('point') };
    const content = (point.content ?? '').replace("version: '12'", "version: '12.4'");
    const plain = (await importArchive(forge, await archive({ ...point, content }))).appliance ?? '';
    assert.equal((await json('GET', plain)).value['distributionName'], 'Debian 12.4');
    const { status, appliance = '' } = await importArchive(
      forge,
      await archive({ ...point, content }),
      '?useMajor=true&force=true',
    );
    assert.match(element(status, 'message') ?? '', /Debian 12 instead of 12\.4/);
    assert.equal((await json('GET', appliance)).value['distributionName'], 'Debian 12');
    assert.equal((await json('GET', appliance)).value['imported'], false);
  });

  test('reuses the bundles the user has when it is asked to, with their files', async () => {
    const bundle = (text: string) => ({
      more: `  bundles: [{ name: app, version: '1', files: [{ name: app.conf, source: bundles/app/1/app.conf, destination: /etc }] }]\n`,
      file: { name: 'bundles/app/1/app.conf', content: text },
    });
    const first = bundle('first');
    const second = bundle('second');
    const one =
      (await importArchive(forge, await archive(template('one', '1.0', first.more), first.file))).appliance ??
      '';
    const contentOf = async (path: string): Promise<string> => {
      const { stack } = await definition(path);
      const id = /\d+$/.exec(path)?.[0] ?? '';
      const source = stack.bundles?.[0]?.files[0]?.source ?? '';
      return await readFile(
        join(folder.path, 'data', 'appliances', id, String(await revision(path)), source),
        'utf8',
      );
    };
    const bytes = await archive(template('two', '1.0', second.more), second.file);
    const reused = await importArchive(forge, bytes, '?reuseBundles=true');
    assert.match(element(reused.status, 'message') ?? '', /reused the bundle app 1/);
    assert.equal(await contentOf(reused.appliance ?? ''), 'first');
    const own = await importArchive(forge, bytes, '?force=true');
    assert.equal(await contentOf(own.appliance ?? ''), 'second');

    const software = await json('GET', `${one}/mysoftware`);
    const [app] = (software.value['mySoftwareList'] as { mySoftware: Json[] }).mySoftware;
    assert.equal(app?.['name'], 'app');
    const made = await create('three');
    const taken = await json('PUT', made, {
      appliance: { mySoftwareList: { mySoftware: [{ name: 'app', version: '1' }] } },
    });
    assert.equal(taken.status, 200, JSON.stringify(taken.value));
    assert.equal(await contentOf(made), 'second', 'the younger appliance’s');
    assert.deepEqual(
      (await json('PUT', made, { appliance: { mySoftwareUris: { uri: [] } } })).value['mySoftwareUris'],
      undefined,
    );
    assert.equal((await definition(made)).stack.bundles, undefined);
    const none = await xml(
      'PUT',
      made,
      'appliance',
      '<mySoftwareUris><uri>users/forge/mysoftware/1</uri></mySoftwareUris>',
    );
    assert.match(errorOf(none, 400, 'ERROR.APPLIANCE.DEFINITION'), /mysoftware\/1/);
    assert.equal((await json('GET', `${one}/projects`)).value['total'], 0);
  });
});

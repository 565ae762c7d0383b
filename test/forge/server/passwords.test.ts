import assert from 'node:assert/strict';
import { readFileSync, watch } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { verify } from 'unixcrypt';
import { readTemplate } from '../../../src/forge/images/buildInputs.ts';
import { cacheDir } from '../../support/builds.ts';
import {
  archive,
  basic,
  element,
  importArchive,
  startForge,
  template,
  temporaryFolder,
  until,
  type TestForge,
} from './support.ts';

/** In no file of ours but this one. */
const secret = 'Unmistakable-8c1f';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let forge: TestForge;
let data = '';
/** Files of the data folder in which the password was seen as they were written, whatever became of them. */
const seen = new Set<string>();
let watcher: ReturnType<typeof watch>;
before(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data');
  forge = await startForge(data, ['--cache', cacheDir]);
  watcher = watch(data, { recursive: true }, (_event, name) => {
    if (name !== null && holds(name)) seen.add(name);
  });
});
after(async () => {
  watcher.close();
  await forge[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function holds(name: string): boolean {
  try {
    return readFileSync(join(data, name)).includes(secret);
  } catch {
    return false;
  }
}

/**
 * Nothing in the data folder has the password now, packed or not, and nothing had it since the forge started.
 */
async function assertNowhere(when: string): Promise<void> {
  const found = [...seen];
  for (const name of await readdir(data, { recursive: true })) {
    const bytes = await readFile(join(data, name)).catch(() => Buffer.alloc(0));
    const content = name.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    if (content.includes(secret)) found.push(name);
  }
  assert.deepEqual(found, [], when);
  assert.ok(!forge.errors().includes(secret), when);
}

type Json = Readonly<Record<string, unknown>>;

async function json(method: string, path: string, body?: Json): Promise<Json> {
  const { status, text } = await forge.call(method, path, {
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.ok(status < 300, `${method} ${path}: ${text}`);
  assert.ok(!text.includes(secret), `the answer to ${method} ${path} says it`);
  return text === '' ? {} : (Object.values(JSON.parse(text) as Json)[0] as Json);
}

/** The template an appliance is built from. */
async function definition(path: string) {
  const { revision } = await json('GET', path);
  return await readTemplate(join(data, 'appliances', /\d+$/.exec(path)?.[0] ?? '', String(revision)));
}

async function assertOpens(path: string, users: readonly string[]): Promise<void> {
  const { rootUser, users: all = [] } = (await definition(path)).stack.installation ?? {};
  assert.ok(verify(secret, rootUser?.password ?? ''), `${path}: root`);
  assert.equal(rootUser?.encrypted, true);
  for (const name of users) {
    const user = all.find((each) => each.name === name);
    assert.ok(verify(secret, user?.password ?? ''), `${path}: ${name}`);
  }
}

async function exported(path: string, language: string): Promise<Uint8Array> {
  const { uri } = await json('POST', `${path}/exports?outputFormat=${language}`);
  const at = `/${String(uri)}`;
  await until('it is exported', async () => (await json('GET', `${at}/status`))['complete'] === true, 20_000);
  await assertNowhere(`exported as ${language}`);
  const authorization = basic(forge.user, forge.password);
  const answer = await fetch(`${forge.url}${at}/downloads`, { headers: { authorization } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  assert.ok(!gunzipSync(bytes).includes(secret));
  return bytes;
}

/** Exports it and imports that again, in both languages: its passwords open as before. */
async function assertComesBack(path: string, users: readonly string[]): Promise<void> {
  for (const language of ['yaml', 'json']) {
    const again = await importArchive(forge, await exported(path, language), '?force=true');
    assert.equal(again.appliance, path, again.status);
    await assertOpens(path, users);
    await assertNowhere(`imported again from ${language}`);
  }
}

const accounts = `  installation:
    rootUser:
      password: ${secret}
    users:
      - name: joe
        password: "${secret}"
`;

suite('a password of a template is nowhere in the forge’s folder, and opens what it is for', () => {
  test('imported as YAML', async () => {
    const { appliance = '' } = await importArchive(forge, await archive(template('yaml', '1.0', accounts)));
    await assertNowhere('imported');
    await assertOpens(appliance, ['joe']);
    await assertComesBack(appliance, ['joe']);
  });

  test('imported as JSON, beside another template nobody reads', async () => {
    const stack = {
      name: 'json',
      version: '1.0',
      os: { name: 'Debian', version: '12', arch: 'x86_64', profile: 'Minimal' },
      installation: { rootUser: { password: secret }, users: [{ name: 'joe', password: secret }] },
    };
    const { appliance = '', status } = await importArchive(
      forge,
      await archive(
        { name: 'template.json', content: JSON.stringify({ stack, builders: null }) },
        { name: 'template.yaml', content: template('other', '1.0', accounts).content ?? '' },
      ),
    );
    assert.notEqual(appliance, '', status);
    await assertNowhere('imported');
    await assertComesBack(appliance, appliance.endsWith('other') ? [] : ['joe']);
  });

  test('imported behind aliases, with cloud accounts', async () => {
    const aliases = `  installation:
    rootUser: { password: &p ${secret} }
    users: [{ name: joe, password: *p }]
accounts: [{ type: AWS, name: a, secretAccessKey: ${secret} }]
x-kept: [*p]
`;
    const { appliance = '' } = await importArchive(forge, await archive(template('alias', '1.0', aliases)));
    await assertNowhere('imported');
    await assertOpens(appliance, ['joe']);
    await assertComesBack(appliance, ['joe']);
  });

  test('in an archive that is refused', async () => {
    const wrong = `${accounts}    nics: [{ ipv4: sometimes }]\n`;
    const { status } = await importArchive(forge, await archive(template('refused', '1.0', wrong)));
    assert.equal(element(status, 'error'), 'true');
    assert.ok(!status.includes(secret), status);
    await assertNowhere('refused');
  });

  test('given call by call, changed, cloned, and sent with a request', async () => {
    const made = await json('POST', '/users/forge/appliances', {
      appliance: { name: 'calls', version: '1.0', distributionUri: 'distributions/12', orgUri: 'orgs/1' },
    });
    const path = `/${String(made['uri'])}`;
    const id = /\d+$/.exec(path)?.[0] ?? '';
    await json('POST', `${path}/osprofile`, {
      distribProfile: { '@xsi.type': 'LinuxProfile', name: 'Minimal' },
    });
    await json('PUT', `${path}/installProfile`, {
      installProfile: { rootUser: { password: secret }, users: [{ name: 'joe', password: secret }] },
    });
    await assertNowhere('installProfile_update');
    const users = `${path}/installProfile/${id}/users`;
    const ann = await json('POST', users, { osUser: { name: 'ann', password: secret } });
    await assertNowhere('installProfileUser_create');
    await json('POST', users, { osUser: { name: 'jim', password: 'first' } });
    const jim =
      ((await json('GET', path.concat(`/installProfile/${id}`)))['users'] as Json | undefined) ?? {};
    assert.ok(JSON.stringify(jim).includes('jim'));
    await json('PUT', `/${String(ann['uri'])}`, {
      osUser: { name: 'ann', fullName: 'Ann', password: secret },
    });
    await assertNowhere('installProfileUser_update');
    await assertOpens(path, ['joe', 'ann']);
    const clone = await json('POST', `${path}/clones`, { appliance: { name: 'cloned', version: '2' } });
    await assertOpens(`/${String(clone['uri'])}`, ['joe', 'ann']);
    await assertNowhere('cloned');
    await assertComesBack(path, ['joe', 'ann']);

    const image = await json('POST', `${path}/images`, {
      image: {
        simulated: true,
        targetFormat: { name: 'QCOW2' },
        installProfile: { rootUser: { password: secret }, users: [{ name: 'zoe', password: secret }] },
      },
    });
    const status = `/${String(image['uri'])}/status`;
    await until('it has ended', async () => {
      const now = await json('GET', status);
      assert.notEqual(now['error'], true, JSON.stringify(now));
      return now['complete'] === true;
    });
    await assertNowhere('requested');
  });
});

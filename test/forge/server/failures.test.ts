import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ownDisk } from '../../support/ownDisk.ts';
import {
  archive,
  element,
  errorOf,
  imageRequest,
  importArchive,
  mainScript,
  startForge,
  stop,
  template,
  temporaryFolder,
  until,
  type TestForge,
} from './support.ts';
import { workLeft } from '../../support/workLeft.ts';

const secret = 'Hunter2-in-the-request';
const templateSecret = 'Hunter2-in-the-template';
const request = `<u:image xmlns:u="http://www.usharesoft.com/uforge"><compress>true</compress>
  <targetFormat><name>QCOW2</name></targetFormat>
  <credAccount><name>${secret}</name></credAccount>
  <installProfile><rootUser><name>root</name><password>${secret}</password></rootUser></installProfile></u:image>`;

/** All that a forge says about a ticket and its appliance, in both representations. */
async function everyAnswer(forge: TestForge, image: string): Promise<string> {
  const appliance = image.replace(/\/images\/\d+$/, '');
  const paths = [
    image,
    `${image}/status`,
    `${image}/log`,
    `${appliance}/images`,
    `${appliance}/images/statuses`,
  ];
  const said: string[] = [];
  for (const path of [...paths, appliance, '/users/forge/images', '/users/forge/imports', '/users/forge']) {
    for (const accept of ['application/xml', 'application/json']) {
      const answer = await forge.call('GET', path, { headers: { accept } });
      assert.equal(answer.status, 200, `${path}: ${answer.text}`);
      said.push(answer.text, ...[...answer.headers.values()]);
    }
  }
  return said.join('\n');
}

suite('a generation that fails', () => {
  test('says that the mirror can not be reached, shows the log, and keeps every secret', async () => {
    await using folder = await temporaryFolder();
    const args = ['--cache', join(folder.path, 'cache')];
    const data = join(folder.path, 'data');
    await using forge = await startForge(data, args, { FORGE_MIRROR: 'http://127.0.0.1:9/debian' });
    const root = `  installation:\n    rootUser: { setPassword: true, password: ${templateSecret} }\n`;
    const imported = await importArchive(forge, await archive(template('mirror', '1.0', root)));
    const posted = await forge.call('POST', `${imported.appliance ?? ''}/images`, {
      headers: { 'content-type': 'application/xml' },
      body: request,
    });
    assert.equal(posted.status, 201, posted.text);
    const image = `/${element(posted.text, 'parentUri') ?? ''}`;
    const status = async (): Promise<string> => (await forge.call('GET', `${image}/status`)).text;
    await until('it failed', async () => element(await status(), 'error') === 'true');
    const text = await status();
    assert.equal(element(text, 'complete'), 'false');
    assert.equal(
      element(text, 'errorMessage'),
      "The Debian mirror http://127.0.0.1:9/debian can't be reached.",
    );
    assert.equal(element(text, 'detailedError'), 'true');
    assert.match(element(text, 'detailedErrorMsg') ?? '', /127\.0\.0\.1:9/);
    assert.deepEqual(await workLeft(data), []);

    const said = `${posted.text}\n${await everyAnswer(forge, image)}`;
    for (const word of [secret, templateSecret, forge.password]) {
      assert.ok(!said.includes(word), `${word} is in an answer`);
    }
    await stop(forge.child, 'SIGTERM');
    assert.equal(forge.errors(), '');
    for (const name of await readdir(data, { recursive: true })) {
      const content = await readFile(join(data, name), 'latin1').catch(() => '');
      assert.ok(!content.includes(secret), `${name} holds the request's password`);
      assert.ok(!content.includes(forge.password), `${name} holds the forge's password`);
      assert.ok(!content.includes(templateSecret), `${name} holds the template's password`);
    }
  });

  test('a missing tool is named before anything begins, with the command that installs it', async () => {
    await using folder = await temporaryFolder();
    const empty = join(folder.path, 'empty');
    await mkdir(empty);
    // The forge sees an empty folder where GRUB is installed: a mount nobody else can see.
    await using forge = await startForge(folder.path, [], {}, `mount --bind '${empty}' /usr/lib/grub`);
    const { appliance } = await importArchive(forge, await archive(template('tools')));
    const images = `${appliance ?? ''}/images`;
    const answer = await forge.call('POST', images, imageRequest('QCOW2'));
    const message = errorOf(answer, 503, 'ERROR.SERVER.MISSING_TOOLS');
    assert.match(message, /boot\.img.* Run: sudo apt-get install grub-efi-amd64-bin grub-pc-bin/);
    assert.equal(element((await forge.call('GET', images)).text, 'total'), '0', 'no ticket');
  });

  test('a full disk is said, nothing of the archive stays, and what fits is taken afterwards', async () => {
    await using folder = await temporaryFolder();
    const small = `mount -t tmpfs -o size=2m tmpfs '${folder.path}'`;
    await using forge = await startForge(folder.path, [], {}, small);
    const big = { name: 'big', content: 'x'.repeat(4_000_000) };
    const { status, appliance } = await importArchive(forge, await archive(template('big'), big));
    assert.equal(element(status, 'error'), 'true');
    assert.match(element(status, 'errorMessage') ?? '', /The disk is full/);
    assert.equal(appliance, undefined);
    assert.equal(element((await forge.call('GET', '/users/forge/appliances')).text, 'total'), '0');
    assert.ok((await importArchive(forge, await archive(template('fits')))).appliance);
    assert.equal(forge.errors(), '');
  });
});

suite('a disk that others fill', () => {
  test('is said by the ticket as soon as there is room to say anything', async () => {
    await using folder = await temporaryFolder();
    await using disk = await ownDisk(folder.path, 400);
    const args = ['--cache', join(folder.path, 'cache')];
    const env = { FORGE_MIRROR: 'http://127.0.0.1:9/debian' };
    await using forge = await startForge(join(folder.path, 'data'), args, env, disk.within);
    const { appliance } = await importArchive(forge, await archive(template('full')));
    const posted = await forge.call('POST', `${appliance ?? ''}/images`, imageRequest('QCOW2'));
    const image = `/${element(posted.text, 'parentUri') ?? ''}`;
    const status = async (): Promise<string> => (await forge.call('GET', `${image}/status`)).text;
    // Before the build has written anything that it could remove, so that there is no room for a single row.
    forge.child.kill('SIGSTOP');
    await disk.fill();
    forge.child.kill('SIGCONT');
    const data = disk.seen(join(folder.path, 'data'));
    await until('the build has ended', async () => (await workLeft(data)).length === 0);
    await disk.empty();
    await until('the ticket says so', async () => element(await status(), 'error') === 'true');
    assert.match(element(await status(), 'errorMessage') ?? '', /disk is full|can't be reached/);
  });
});

suite('standard output', () => {
  test('is one JSON line, and whoever has read it may close the pipe', async () => {
    await using folder = await temporaryFolder();
    await using forge = await startForge(folder.path, [], { FORGE_USER: 'jo', FORGE_PASSWORD: 'of my own' });
    assert.equal(forge.user, 'jo');
    assert.equal(forge.password, 'of my own');
    assert.match(forge.url, /^http:\/\/127\.0\.0\.1:\d+\/api$/);
    forge.child.stdout?.destroy();
    assert.equal((await forge.call('GET', '/users/jo')).status, 200);
    const left = await readFile(`/proc/${String(forge.child.pid)}/cmdline`, 'latin1');
    assert.ok(!left.includes('of my own'));
    await stop(forge.child, 'SIGTERM');
    assert.equal(forge.child.exitCode, 0);
  });

  test('has nothing else from start to end', async () => {
    await using folder = await temporaryFolder();
    const told = async (env: NodeJS.ProcessEnv): Promise<string[]> => {
      const child = spawn(process.execPath, [mainScript, '--data', folder.path, '--idle-minutes', '0.005'], {
        env: { ...process.env, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0);
      assert.match(out, /^\{.*\}\n$/);
      return Object.keys(JSON.parse(out) as object).sort();
    };
    assert.deepEqual(await told({}), ['password', 'url', 'user']);
    assert.deepEqual(await told({ FORGE_PASSWORD: 'of my own' }), ['url', 'user'], 'who gave it knows it');
  });

  test('credentials that can not be are refused', async () => {
    await using folder = await temporaryFolder();
    for (const [env, reason] of [
      [{ FORGE_USER: '' }, /FORGE_USER must not be empty/],
      [{ FORGE_USER: 'a:b' }, /FORGE_USER must not contain a colon/],
      [{ FORGE_PASSWORD: '' }, /FORGE_PASSWORD must not be empty/],
    ] as const) {
      await assert.rejects(startForge(folder.path, [], env), reason);
    }
  });
});

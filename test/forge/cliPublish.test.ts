import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { stopForge } from '../../src/forge/process/launch.ts';
import { badWayTo, type BadWay } from '../support/badWay.ts';
import { start, type Ended } from '../support/commandLine.ts';
import { containerArchive } from '../support/containerArchive.ts';
import { startDockerRegistry } from '../support/dockerRegistry.ts';
import { leaveImage } from './server/seeded.ts';

/** `me` with the password `let me in`. */
const htpasswd = 'me:$2b$04$9yT509EiwQqHTeezNlzjUOoXkhCgPNLgS7XJ7NJPFel/IJfsaCU7y\n';
const size = 20 * 1024 * 1024;

const resources = new AsyncDisposableStack();
let dataDir = '';
let image = '';
let way: BadWay;
before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cli-publish-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  dataDir = join(folder, 'data');
  resources.defer(async () => {
    await stopForge(dataDir);
  });
  const registry = resources.use(
    await startDockerRegistry(async (own) => {
      await writeFile(join(own, 'htpasswd'), htpasswd);
      return `auth: { htpasswd: { realm: test, path: ${join(own, 'htpasswd')} } }\n`;
    }),
  );
  way = resources.use(await badWayTo(registry.port));
  const { bytes } = await containerArchive(size);
  const format = { targetFormat: 'Docker', extension: 'tar', mimeType: 'application/x-tar' };
  const left = await leaveImage(dataDir, bytes, '{"image":{"entrypoint":"/bin/true"}}', format);
  image = left.uri.slice(1);
});
after(() => resources.disposeAsync());

function run(args: readonly string[], secret = '', onOutput?: Parameters<typeof start>[2]): Promise<Ended> {
  const env = { APPLIANCE_FORGE_DATA: dataDir, APPLIANCE_FORGE_ACCOUNT_SECRET: secret };
  return start(args, env, onOutput);
}

suite('publishing in a terminal', () => {
  test('an account is kept with its secret from the environment, and never from an argument', async () => {
    const add = ['accounts', 'add', 'docker', 'shop', '--set', `endpointUrl=http://127.0.0.1:${way.port}`];
    const refused = await run([...add, '--set', 'password=let me in']);
    assert.equal(refused.code, 2);
    assert.match(refused.errors, /“password” is a secret: give it in APPLIANCE_FORGE_ACCOUNT_SECRET/);
    const added = await run([...add, '--set', 'login=me'], 'let me in');
    assert.deepEqual([added.code, added.errors], [0, '']);
    const listed = await run(['accounts', '--json']);
    assert.match(listed.out, /"accounts":\[\{"name":"shop","platform":"Docker"/);
    assert.ok(!listed.out.includes('let me in'));
  });

  test('an image is published under the name it is asked for, and what is missing is said', async () => {
    const missing = await run(['publish', image]);
    assert.deepEqual([missing.code, missing.errors], [2, 'A publication to Docker needs “namespace”.\n']);
    const strange = await run(['publish', image, '--set', 'region=x']);
    assert.match(strange.errors, /has no “region”. It has: namespace, repositoryName, tagName/);
    const other = await run(['publish', image, '--account', 'none']);
    assert.match(other.errors, /no cloud account “none” for Docker; there are: shop/);
    const done = await run(['publish', image, '--set', 'namespace=shop', '--json']);
    assert.equal(done.code, 0, done.errors + done.out);
    const last = JSON.parse(done.out.trim().split('\n').at(-1) ?? '') as Record<string, string>;
    assert.match(last['cloudId'] ?? '', /shop\/left:1\.0$/);
  });

  test('one that is interrupted is cancelled on the server, and says so', async () => {
    const held = way.holdAt(way.sent + 1024);
    let killed = false;
    const interrupted = run(
      ['publish', image, '--set', 'namespace=shop', '--set', 'repositoryName=other'],
      '',
      (out, kill) => {
        if (killed || !out.includes('Publication ')) return;
        killed = true;
        void held.then(() => {
          kill('SIGINT');
          way.release();
        });
      },
    );
    const { code, errors } = await interrupted;
    assert.equal(code, 130, errors);
    assert.match(errors, /Interrupted: the publication \S+ has been cancelled on the server/);
  });

  test('an account that is deleted is gone', async () => {
    assert.equal((await run(['accounts', 'delete', 'shop'])).code, 0);
    const gone = await run(['accounts', 'test', 'shop']);
    assert.deepEqual([gone.code, gone.errors], [2, 'There is no cloud account “shop”. There are: none.\n']);
  });
});

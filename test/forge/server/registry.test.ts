import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { badWayTo } from '../../support/badWay.ts';
import { containerArchive } from '../../support/containerArchive.ts';
import { startDockerRegistry, type DockerRegistry } from '../../support/dockerRegistry.ts';
import { startTokenServer } from '../../support/tokenServer.ts';
import { ended, keepAccount, publish, resourcesOf } from '../../support/publishing.ts';
import { leaveImage } from './seeded.ts';
import { element, errorOf, startForge, stop, temporaryFolder, type TestForge } from './support.ts';

const run = promisify(execFile);

/** `me` with the password `let me in`. */
const htpasswd = 'me:$2b$04$9yT509EiwQqHTeezNlzjUOoXkhCgPNLgS7XJ7NJPFel/IJfsaCU7y\n';
const login = { login: 'me', password: 'let me in' };
const size = 20 * 1024 * 1024;
const mib = 1024 * 1024;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let registry: DockerRegistry;
let forge: TestForge;
let container: { readonly uri: string };
let disk: { readonly uri: string; readonly sha256: string };
let layer: string;
before(async () => {
  folder = await temporaryFolder();
  const archive = await containerArchive(size);
  ({ layer } = archive);
  container = await leaveImage(folder.path, archive.bytes, '{"image":{"entrypoint":"/bin/true"}}', {
    ...{ targetFormat: 'Docker', extension: 'tar', mimeType: 'application/x-tar' },
  });
  disk = await leaveImage(folder.path, randomBytes(3 * mib));
  registry = await startDockerRegistry(async (own) => {
    await writeFile(join(own, 'htpasswd'), htpasswd);
    return `auth: { htpasswd: { realm: test, path: ${join(own, 'htpasswd')} } }\n`;
  });
  forge = await startForge(folder.path);
});
after(async () => {
  await forge[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** What a broken connection has left to the registry, which forgets it by itself: nobody can remove it. */
let left: readonly string[] = [];

let accounts = 0;
/** Asks for a publication through a port of this computer. */
async function push(
  port: number,
  image: string,
  repository: string,
  secrets: object = login,
): Promise<string> {
  const dbId = await keepAccount(forge, {
    ...{ '@xsi.type': 'CredAccountDocker', name: `registry ${++accounts}` },
    ...{ endpointUrl: `http://127.0.0.1:${port}`, ...secrets },
  });
  return await publish(forge, image, {
    ...{ '@xsi.type': 'PublishImageDocker', credAccount: { '@xsi.type': 'CredAccountDocker', dbId } },
    ...{ namespace: 'shop', repositoryName: repository, tagName: '1.0' },
  });
}

async function skopeo(...args: readonly string[]): Promise<string> {
  return (await run('skopeo', [...args])).stdout;
}

const from = (repository: string): string[] => [
  ...['--creds', 'me:let me in'],
  `docker://127.0.0.1:${registry.port}/shop/${repository}:1.0`,
];

async function layersOf(repository: string): Promise<readonly string[]> {
  const inspected = await skopeo('inspect', '--tls-verify=false', ...from(repository));
  return (JSON.parse(inspected) as { readonly Layers: readonly string[] }).Layers;
}

suite('publishing to a registry', () => {
  test('pushes a container under its name, from where it can be pulled byte for byte', async () => {
    const { state, message, text } = await ended(forge, await push(registry.port, container.uri, 'web'));
    assert.equal(state, 'done', message);
    const name = `127.0.0.1:${registry.port}/shop/web:1.0`;
    assert.equal(element(text, 'cloudId'), name);
    assert.equal(element(text, 'registeringName'), name);
    assert.match(element(text, 'publishLocation') ?? '', /^127\.0\.0\.1:\d+\/shop\/web@sha256:[0-9a-f]{64}$/);
    assert.deepEqual(await layersOf('web'), [layer]);
    const pulled = join(folder.path, 'pulled');
    await skopeo(
      'copy',
      '--quiet',
      '--src-tls-verify=false',
      '--src-creds',
      'me:let me in',
      `docker://${name}`,
      `oci:${pulled}:x`,
    );
    const digest = createHash('sha256');
    digest.update(
      (
        await run('cat', [join(pulled, 'blobs', layer.replace(':', '/'))], {
          encoding: 'buffer',
          maxBuffer: 2 * size,
        })
      ).stdout,
    );
    assert.equal(`sha256:${digest.digest('hex')}`, layer);
    assert.ok(!text.includes(login.password));
    assert.deepEqual(await registry.uploads(), []);
  });

  test('sends no layer again that is there', async () => {
    await using way = await badWayTo(registry.port);
    assert.equal((await ended(forge, await push(way.port, container.uri, 'web'))).state, 'done');
    assert.ok(way.sent < mib, `${way.sent} bytes`);
  });

  test('pushes a disk as an artifact of its kind', async () => {
    const { state, message } = await ended(forge, await push(registry.port, disk.uri, 'disk'));
    assert.equal(state, 'done', message);
    const raw = await skopeo('inspect', '--raw', '--tls-verify=false', ...from('disk'));
    const { artifactType, layers } = JSON.parse(raw) as {
      readonly artifactType: string;
      readonly layers: readonly { readonly digest: string }[];
    };
    assert.equal(artifactType, 'application/x-qemu-disk');
    assert.deepEqual(
      layers.map(({ digest }) => digest),
      [`sha256:${disk.sha256}`],
    );
  });

  test('waits for a server that is busy, and goes on from what it has', async () => {
    await using way = await badWayTo(registry.port);
    way.answer(503, 2, size / 2);
    const { state, message } = await ended(forge, await push(way.port, container.uri, 'busy'));
    assert.equal(state, 'done', message);
    assert.deepEqual(await layersOf('busy'), [layer]);
    assert.ok(way.sent < size * 1.1, `${way.sent} bytes`);
    assert.deepEqual(await registry.uploads(), []);
  });

  test('gets through a connection that breaks', async () => {
    await using way = await badWayTo(registry.port);
    way.cutAt(size / 2);
    const { state, message } = await ended(forge, await push(way.port, container.uri, 'cut'));
    assert.equal(state, 'done', message);
    assert.deepEqual(await layersOf('cut'), [layer]);
    left = await registry.uploads();
  });

  for (const share of [0.1, 0.5, 0.99]) {
    test(`cancelled at ${share * 100} % leaves nothing of it`, async () => {
      await using way = await badWayTo(registry.port);
      const held = way.holdAt(size * share);
      const publication = await push(way.port, container.uri, `cancelled-${share * 100}`);
      await held;
      const status = (await forge.call('GET', `${publication}/status`)).text;
      assert.ok(Number(element(status, 'bytesTotal')) > size, status);
      setTimeout(() => way.release(), 100);
      const cancelled = await forge.call('DELETE', `${publication}/cancel`);
      assert.equal(element(cancelled.text, 'cancelled'), 'true', cancelled.text);
      assert.deepEqual(await registry.uploads(), left);
      await assert.rejects(
        layersOf(`cancelled-${share * 100}`),
        /manifest unknown|NAME_UNKNOWN|name unknown/i,
      );
    });
  }

  test('of a forge that was killed in the middle ends in error when it is started again, and can be published again', async () => {
    await using way = await badWayTo(registry.port);
    const held = way.holdAt(size / 2);
    const publication = await push(way.port, container.uri, 'killed');
    await held;
    await stop(forge.child, 'SIGKILL');
    way.release();
    forge = await startForge(folder.path);
    const { state, message } = await ended(forge, publication);
    assert.equal(state, 'failed');
    assert.equal(message, 'The forge was stopped while this image was being published.');
    assert.equal((await ended(forge, await push(registry.port, container.uri, 'killed'))).state, 'done');
  });

  test('an account is tried before anything is sent', async () => {
    const account = {
      ...{ '@xsi.type': 'CredAccountDocker', name: 'tried' },
      endpointUrl: `http://127.0.0.1:${registry.port}`,
    };
    const right = await resourcesOf(forge, await keepAccount(forge, { ...account, ...login }));
    assert.equal(right.status, 200, right.text);
    assert.equal(element(right.text, 'value'), `127.0.0.1:${registry.port}`);
    const no = { ...account, name: 'no', login: 'me', password: 'hush-8f1' };
    const wrong = await resourcesOf(forge, await keepAccount(forge, no));
    assert.match(errorOf(wrong, 409, 'ERROR.PLATFORM.REFUSED'), /does not accept the account’s login/);
  });

  test('with a wrong password, or to nobody, says so', async () => {
    const nobody = await push(9, container.uri, 'web');
    const wrong = await ended(
      forge,
      await push(registry.port, container.uri, 'web', { login: 'me', password: 'hush-8f1' }),
    );
    assert.match(wrong.message, /127\.0\.0\.1:\d+ does not accept the account’s login\./);
    assert.ok(!wrong.text.includes('hush-8f1'));
    assert.match((await ended(forge, nobody)).message, /Nothing answers at 127\.0\.0\.1:9/);
    const elsewhere = await push(registry.port, container.uri, 'web', {
      ...login,
      endpointUrl: 'http://192.0.2.1',
    });
    assert.match((await ended(forge, elsewhere)).message, /192\.0\.2\.1 is asked over http/);
    const named = await ended(forge, await push(registry.port, container.uri, 'Web Shop'));
    assert.match(named.message, /“shop\/Web Shop” is no name of a repository/);
  });
});

suite('publishing to a registry with tokens', () => {
  test('gets one for the repository alone, and says what the account may not do', async () => {
    await using tokens = await startTokenServer({ ...login, mayPush: 'shop/web' });
    await using server = await startDockerRegistry(() => Promise.resolve(tokens.auth));
    const { state, message } = await ended(forge, await push(server.port, disk.uri, 'web'));
    assert.equal(state, 'done', message);
    assert.deepEqual(tokens.asked, ['repository:shop/web:pull,push']);
    const refused = await ended(forge, await push(server.port, disk.uri, 'other'));
    assert.match(refused.message, /does not allow this account to look for a blob\./);
    const wrong = await ended(
      forge,
      await push(server.port, disk.uri, 'web', { login: 'me', password: 'no' }),
    );
    assert.match(wrong.message, /does not accept the account’s login\./);
  });
});

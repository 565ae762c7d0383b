import assert from 'node:assert/strict';
import { access, cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { ownDisk, type OwnDisk } from '../../support/ownDisk.ts';
import { leaveImage } from './seeded.ts';
import { errorOf, startForge, temporaryFolder, type TestForge } from './support.ts';

/** A forge's data on a small disk of its own, its cache elsewhere, with an image of four megabytes. */
async function smallForge(): Promise<
  { disk: OwnDisk; data: string; uri: string; start: () => Promise<TestForge> } & AsyncDisposable
> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.use(await temporaryFolder());
  const data = join(folder.path, 'data');
  const seed = join(folder.path, 'seed');
  await mkdir(data);
  const { uri } = await leaveImage(seed, Buffer.alloc(4 * 1024 ** 2, 1));
  const disk = parts.use(await ownDisk(data, 16));
  await cp(seed, disk.seen(data), { recursive: true });
  const args = ['--cache', join(folder.path, 'cache')];
  const env = { XDG_RUNTIME_DIR: join(folder.path, 'run') };
  const owned = parts.move();
  return {
    ...{ disk, data: disk.seen(data), uri },
    start: () => startForge(data, args, env, disk.within),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

suite('a full disk', () => {
  test('is freed by deleting an image, and says what to do where there is nothing to free', async () => {
    await using small = await smallForge();
    await using forge = await small.start();
    const before = await forge.call('GET', small.uri);
    assert.equal(before.status, 200);
    await small.disk.fill();
    const key = { headers: { 'content-type': 'application/json' }, body: '{"apiKeyPair":{}}' };
    let last = await forge.call('POST', '/users/forge/apikeys', key);
    // The database's log has room until its next page.
    for (let times = 0; times < 200 && last.status === 201; times++) {
      last = await forge.call('POST', '/users/forge/apikeys', key);
    }
    assert.match(errorOf(last, 507, 'ERROR.SERVER.DISK_FULL'), /Delete images/);
    assert.equal((await forge.call('DELETE', small.uri)).status, 204);
    await assert.rejects(access(join(small.data, 'images/1')));
    errorOf(await forge.call('GET', small.uri), 404, 'ERROR.RESOURCE.NOT_FOUND');
    assert.equal((await forge.call('POST', '/users/forge/apikeys', key)).status, 201);
    assert.equal(forge.errors(), '');
  });

  test('keeps no forge from starting, which is how it is freed', async () => {
    await using small = await smallForge();
    {
      await using _first = await small.start();
    }
    await mkdir(join(small.data, 'work/place-1/33'), { recursive: true });
    await small.disk.fill();
    await writeFile(join(small.data, 'more'), Buffer.alloc(1024 ** 2)).catch(() => undefined);
    await using forge = await small.start();
    assert.equal((await forge.call('GET', small.uri)).status, 200);
    assert.equal((await forge.call('DELETE', small.uri)).status, 204);
    await assert.rejects(access(join(small.data, 'images/1')));
  });
});

import assert from 'node:assert/strict';
import { mkdtempDisposableSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Forge } from '../../../src/forge/process/forge.ts';
import { dataFolder } from '../../../src/forge/process/paths.ts';
import { prepareDataFolder } from '../../../src/forge/process/prepareDataFolder.ts';
import { PlatformError } from '../../../src/forge/publishing/platformError.ts';
import type { Platform, Publisher } from '../../../src/forge/publishing/publisher.ts';
import type { PublicationRecord } from '../../../src/forge/store/publicationStore.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { encodeJson } from '../../../src/uforge/codec/codec.ts';

/** A forge with an image, and publishers that copy it into a folder, fail, or wait to be cancelled. */
async function forgeWithImage(root: string) {
  const data = dataFolder(root);
  await prepareDataFolder(data);
  const publisher = (platform: string, publish: Platform['publish']): Publisher => ({
    platform,
    load: () =>
      Promise.resolve({
        publish,
        cleanUp: () => Promise.resolve(),
        resources: () => Promise.resolve({ resources: [] }),
      }),
  });
  const shelf = publisher('OpenStack', async ({ account }, { path, file, request, observer }) => {
    observer.progress('Copying', { done: 1, total: 2 });
    await copyFile(path, join(root, 'published'));
    return { cloudId: `${file.fileName} ${request.name ?? ''}`, location: JSON.stringify(account) };
  });
  const broken = publisher('Amazon', () => Promise.reject(new PlatformError('No room there')));
  const slow = publisher('Docker', async ({ signal }) => {
    await pause(60_000, undefined, { signal });
    return { cloudId: 'never' };
  });
  const onError = (error: unknown) => assert.fail(String(error));
  const publishers = [shelf, broken, slow];
  const forge = new Forge({ data, cacheDir: join(root, 'cache'), clock: systemClock, publishers, onError });
  const owner = forge.users.first('jo').id;
  const content = {
    ...{ name: 'a', version: '1', templateFile: 't', archiveSize: 1 },
    ...{ description: undefined, distribution: undefined, arch: undefined },
  };
  const appliance = forge.appliances.create(owner, content, { imported: true });
  const { id } = forge.tickets.create({
    applianceId: appliance.id,
    revision: 1,
    targetFormat: 'QCOW2',
    request: '{"image":{}}',
  });
  forge.tickets.start(id, '');
  const file = { fileName: 'a.qcow2', fileExtension: 'qcow2', mimeType: 'x/y', size: 5, sha256: '', md5: '' };
  forge.tickets.finish(id, 'Done', file, []);
  await mkdir(data.image(id));
  await writeFile(join(data.image(id), file.fileName), 'image');
  const publish = (
    $type: 'PublishImageOpenStack' | 'PublishImageAws' | 'PublishImageDocker' | 'PublishImageK5',
    accountId?: number,
  ) => {
    const ticket = forge.tickets.get(id);
    assert.ok(ticket);
    const request = encodeJson('publishImage', { $type, name: 'asked' });
    const record = forge.publicationStore.create(owner, ticket, { request, accountId });
    forge.publications.start(record);
    return record.id;
  };
  const ended = async (pitid: number): Promise<PublicationRecord | undefined> => {
    while (forge.publicationStore.get(pitid)?.state === 'running') await pause(5);
    return forge.publicationStore.get(pitid);
  };
  return { forge, owner, publish, ended };
}

suite('a publication', () => {
  test('is done with what the publisher says, which gets the file and the account with its secrets', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
    const { forge, owner, publish, ended } = await forgeWithImage(folder.path);
    await using _forge = forge;
    const account = { $type: 'CredAccountOpenStack', name: 'os', login: 'l', password: 'hush' } as const;
    const caid = forge.cloudAccounts.create(owner, 'os', account)?.id;
    const record = await ended(publish('PublishImageOpenStack', caid));
    assert.equal(record?.state, 'done', record?.errorMessage);
    assert.equal(record.percentage, 100);
    assert.equal(record.cloudId, 'a.qcow2 asked');
    assert.deepEqual(JSON.parse(record.location ?? ''), account);
    assert.equal(await readFile(join(folder.path, 'published'), 'utf8'), 'image');
    assert.equal(forge.isBusy, false);
  });

  test('that fails says why, and one for a platform without a publisher which there are', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
    const { forge, publish, ended } = await forgeWithImage(folder.path);
    await using _forge = forge;
    const failed = await ended(publish('PublishImageAws'));
    assert.deepEqual([failed?.state, failed?.errorMessage], ['failed', 'No room there']);
    const none = await ended(publish('PublishImageK5'));
    assert.match(
      none?.errorMessage ?? '',
      /can’t publish to K5: it has publishers for OpenStack, Amazon, Docker/,
    );
    assert.equal(none?.detail, undefined);
  });

  test('is cancelled once, and ends in error when the forge stops', async () => {
    using folder = mkdtempDisposableSync(join(tmpdir(), 'forge-'));
    const { forge, publish, ended } = await forgeWithImage(folder.path);
    const cancelled = publish('PublishImageDocker');
    assert.equal(forge.isBusy, true);
    assert.equal(await forge.publications.cancel(cancelled), true);
    assert.equal((await ended(cancelled))?.state, 'cancelled');
    assert.equal(await forge.publications.cancel(cancelled), false);
    const stopped = publish('PublishImageDocker');
    await forge.publications.stop();
    assert.match((await ended(stopped))?.errorMessage ?? '', /The forge was stopped/);
    await forge[Symbol.asyncDispose]();
  });
});

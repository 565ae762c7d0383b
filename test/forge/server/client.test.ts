import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { targetFormats as knownFormats } from '../../../src/appliance/catalog/targetFormats.ts';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient, type UForgeClient } from '../../../src/uforge/client/client.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import type { Long } from '../../../src/uforge/dto.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { parseApplianceUri, parseImageUri } from '../../../src/uforge/uris.ts';
import { cacheDir } from '../../support/builds.ts';
import { archive, startForge, template, temporaryFolder, until } from './support.ts';

/** Imports a template by the three operations it takes, and gives the appliance's id. */
async function importTemplate(client: UForgeClient, name: string, force = false): Promise<Long> {
  const ticket = await client.appliance_import({ force });
  const iid = ticket.dbId ?? 0;
  const uploaded = await client.applianceImport_upload({ iid }, await archive(template(name)));
  assert.equal(uploaded.error, false, uploaded.errorMessage);
  assert.equal((await client.applianceImportStatus_get({ iid })).complete, true);
  const { referenceUri = '' } = await client.applianceImport_get({ iid });
  return parseApplianceUri(referenceUri)?.aid ?? 0;
}

test('our own client, through the life of an appliance and its tickets', async () => {
  await using folder = await temporaryFolder();
  const user = 'jo@example.org';
  const args = ['--cache', cacheDir];
  await using forge = await startForge(join(folder.path, 'data'), args, { FORGE_USER: user });
  await using transport = createUndiciTransport();
  const authorizer = basicAuthorizer(user, forge.password);
  const client = createClient({ baseUrl: forge.url, uid: user, authorizer, transport, clock: systemClock });
  const refused = (kind: string) => (error: unknown) => error instanceof UForgeError && error.kind === kind;

  assert.equal((await client.uforgeStatus_get()).alive, true);
  assert.equal((await client.user_get()).loginName, user);
  const { targetFormats } = await client.userTargetFormat_getAll({ orderBy: 'name' });
  assert.deepEqual(
    targetFormats.map(({ name = '', format }) => `${name} ${format?.name ?? ''}`).toSorted(),
    knownFormats.map(({ name, imageFormat }) => `${name} ${imageFormat}`).toSorted(),
  );

  const aid = await importTemplate(client, 'whole');
  assert.equal(await importTemplate(client, 'whole', true), aid);
  assert.equal((await client.appliance_get({ aid })).revision, 2);
  const listed = await client.appliance_getAll({ query: "name=='whole'", count: 1, offset: 0 });
  assert.equal(listed.total, 1);
  assert.equal(listed.appliances[0]?.uri, `users/jo%40example.org/appliances/${aid}`);
  await assert.rejects(client.appliance_get({ aid: 999 }), refused('notFound'));

  const ask = { compress: true, targetFormat: { name: 'QCOW2' } };
  await assert.rejects(
    client.machineImage_generate({ aid }, { ...ask, targetFormat: { name: 'Floppy' } }),
    refused('invalid'),
  );
  const image = await client.machineImage_generate({ aid }, ask);
  const itid = parseImageUri(image.uri ?? '')?.itid ?? 0;
  assert.equal(image.revision, 2);
  await assert.rejects(client.machineImage_generate({ aid }, ask), refused('conflict'));
  assert.equal((await client.machineImage_getAll({ aid })).images.length, 1);
  const img = [image.uri ?? ''];
  await until('it runs', async () => {
    const { statuses } = await client.userMachineImageStatus_get({ img });
    return (statuses[0]?.percentage ?? 0) > 0;
  });
  assert.equal((await client.machineImageStatus_getAll({ aid })).statuses[0]?.complete, false);

  const cancelled = await client.machineImageGeneration_cancel({ aid, itid });
  assert.equal(cancelled.cancelled, true);
  assert.equal((await client.machineImageStatus_get({ aid, itid })).cancelled, true);
  await assert.rejects(client.machineImageGeneration_cancel({ aid, itid }), refused('conflict'));
  assert.match((await client.imageLog({ aid, itid })) ?? '', /Cancelled/);
  assert.deepEqual((await client.machineImagePkg_getAll({ aid, itid })).imagePkgs, []);

  await client.machineImage_generate({ aid }, ask);
  await assert.rejects(client.appliance_delete({ aid }), refused('conflict'));
  await client.machineImage_delete({ aid, itid });
  await assert.rejects(client.machineImage_get({ aid, itid }), refused('notFound'));
  await client.appliance_delete({ aid, force: true });
  await assert.rejects(client.appliance_get({ aid }), refused('notFound'));
  assert.equal((await client.userMachineImageStatus_get({})).total, 0);

  const stranger = createClient({
    baseUrl: forge.url,
    uid: 'root',
    authorizer,
    transport,
    clock: systemClock,
  });
  await assert.rejects(stranger.appliance_getAll({}), refused('entitlement'));
  assert.equal(forge.errors(), '');
});

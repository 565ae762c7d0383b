import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { basicAuthorizer } from '../../../src/uforge/authorizer.ts';
import { createClient } from '../../../src/uforge/client/client.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { fiqlAll, fiqlEquals } from '../../../src/uforge/fiql.ts';
import { createUndiciTransport } from '../../../src/uforge/transport/undiciTransport.ts';
import { parseApplianceUri } from '../../../src/uforge/uris.ts';
import { anyString } from '../../unit/uforge/properties.ts';
import { archive, startForge, temporaryFolder } from '../server/support.ts';

test('any name survives being made, found, read and downloaded under, or is refused with a sentence', async () => {
  await using folder = await temporaryFolder();
  await using forge = await startForge(folder.path);
  await using transport = createUndiciTransport();
  const authorizer = basicAuthorizer(forge.user, forge.password);
  const client = createClient({
    baseUrl: forge.url,
    uid: forge.user,
    authorizer,
    transport,
    clock: systemClock,
  });
  let made = 0;
  await fc.assert(
    fc.asyncProperty(anyString, anyString, async (name, version) => {
      const os = { name: 'Debian', version: '12', arch: 'x86_64', profile: 'Minimal' };
      const content = JSON.stringify({ stack: { name, version, os } });
      const { dbId: iid = 0 } = await client.appliance_import({ force: true });
      const status = await client.applianceImport_upload(
        { iid },
        await archive({ name: 'template.json', content }),
      );
      if (status.error === true) {
        assert.notEqual((status.errorMessage ?? '').trim(), '');
        return;
      }
      made++;
      const { referenceUri = '' } = await client.applianceImport_get({ iid });
      const aid = parseApplianceUri(referenceUri)?.aid ?? 0;
      const appliance = await client.appliance_get({ aid });
      // No URI holds half a character.
      const query = fiqlAll(
        fiqlEquals('name', name.toWellFormed()),
        fiqlEquals('version', version.toWellFormed()),
      );
      const found = await client.appliance_getAll({ query });
      assert.deepEqual(
        found.appliances.map(({ uri }) => uri),
        [appliance.uri],
      );
      const json = await forge.call('GET', `/${referenceUri}`, { headers: { accept: 'application/json' } });
      const { name: inJson } = (JSON.parse(json.text) as { appliance: { name: string } }).appliance;
      // XML has no way to write some characters, which come as U+FFFD there; JSON has.
      assert.equal(inJson.toWellFormed(), name.toWellFormed());
      await client.appliance_delete({ aid });
    }),
    {
      numRuns: 60,
      examples: [
        ["it's", '1.0'],
        ['a*b;c,(d)', '\\'],
        ['Ünï ☃ 𝔘', '1 2/3'],
        ['../..', '%2e'],
      ],
    },
  );
  assert.ok(made > 10, `only ${made} were not refused`);
  assert.equal(forge.errors(), '');
});

import assert from 'node:assert/strict';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parseArguments } from '../../../src/forge/process/arguments.ts';
import { settingsSchema } from '../../../src/forge/process/settings.ts';

const file = new URL('../../../schemas/forge.schema.json', import.meta.url);

suite('settings of a forge', () => {
  // `UPDATE_SCHEMA=1 node --test test/unit/forge/settings.test.ts` writes the schema anew.
  test('have a schema that is shipped', async () => {
    const text = `${JSON.stringify(settingsSchema(), null, 2)}\n`;
    if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(file, text);
    assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(text));
  });

  test('are taken from the command line, else the environment, else the file', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'settings-'));
    const config = join(folder.path, 'forge.yml');
    await writeFile(config, 'builds: 3\ncache-gb: 20\nidle-minutes: 7\nname: a.example.org\n');
    const env = { FORGE_CONFIG: config, FORGE_CACHE_GB: '30', FORGE_BUILDS: '4' };
    const told = await parseArguments(['--builds', '5'], env);
    assert.deepEqual(
      { builds: told.concurrency, cache: told.cacheLimit, idle: told.idleMinutes },
      { builds: 5, cache: 30e9, idle: 7 },
    );
    assert.deepEqual(told.listening.names, ['a.example.org']);
    assert.equal(told.listening.address, '127.0.0.1');
  });

  const refused: [args: string[], message: RegExp][] = [
    [['--listen', '8443'], /--listen takes an IP address and a port/],
    [['--listen', 'forge.example.org:8443'], /--listen takes an IP address and a port/],
    [['--listen', '0.0.0.0:8443'], /passwords would go over the network/],
    [['--listen', '[::]:8443', '--tls-cert', 'a.pem'], /give both/],
    [['--tls-self-signed', '--tls-cert', 'a.pem'], /not both/],
    [['--trusted-proxy', 'proxy.example.org'], /takes an IP address/],
    [['--port', '70000'], /whole number from 0 to 65535/],
  ];
  for (const [args, message] of refused) {
    test(`refuse ${args.join(' ')}`, async () => {
      await assert.rejects(parseArguments(args, {}), { name: 'UsageError', message });
    });
  }
});

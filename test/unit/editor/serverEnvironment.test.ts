import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openServer } from '../../../src/cli/connect.ts';
import { serverEnvironment } from '../../../src/editor/agents/serverEnvironment.ts';
import type { Credentials } from '../../../src/editor/server/credentials.ts';
import { UForgeError } from '../../../src/uforge/errors.ts';
import { systemClock } from '../../../src/uforge/clock.ts';
import { environment } from '../cli/support.ts';
import { selfSigned, type Certificate } from '../uforge/certificates.ts';

const ann: Credentials = { kind: 'password', login: 'ann', password: 'open sesame' };
const direct = { mode: 'direct' } as const;

// What the editor writes is read by the command line, which then reaches the server as the window does.
suite('the environment an MCP server is given for a UForge AppCenter', () => {
  let certificate: Certificate;
  let folder = '';
  let url = '';
  let authorizations: (string | undefined)[] = [];
  const server = { close: (): void => undefined };

  before(async () => {
    certificate = await selfSigned();
    folder = await mkdtemp(join(tmpdir(), 'af-environment-'));
    const listening = createServer(certificate, (request, response) => {
      authorizations.push(request.headers.authorization);
      response.writeHead(200, { 'content-type': 'application/xml' });
      response.end('<ns0:user xmlns:ns0="http://www.usharesoft.com/uforge"/>');
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    url = `https://127.0.0.1:${(listening.address() as AddressInfo).port}/api`;
    server.close = () => listening.close().closeAllConnections();
  });
  after(async () => {
    server.close();
    await rm(folder, { recursive: true });
  });

  async function ask(given: Record<string, string | null>): Promise<void> {
    const env = Object.fromEntries(
      Object.entries({ ...process.env, ...given }).filter(([, value]) => value !== null),
    ) as Readonly<Record<string, string>>;
    await using opened = await openServer({ server: url, user: 'ann' }, environment({ env }), systemClock);
    const client = await opened.clients(url);
    await client.user_get({}, { attempts: 1 });
  }

  test('has the certificate a person has trusted, and it alone', async () => {
    authorizations = [];
    await ask(serverEnvironment(ann, { caFiles: [], pinnedPem: certificate.cert }, direct));
    assert.deepEqual(authorizations, [`Basic ${Buffer.from('ann:open sesame').toString('base64')}`]);
    const other = await selfSigned();
    await assert.rejects(
      ask(serverEnvironment(ann, { caFiles: [], pinnedPem: other.cert }, direct)),
      (error) => error instanceof UForgeError && error.kind === 'tls',
    );
  });

  test('has every file with authorities', async () => {
    const files = [join(folder, 'other.pem'), join(folder, 'own.pem')];
    await writeFile(files[0]!, (await selfSigned()).cert);
    await writeFile(files[1]!, certificate.cert);
    const given = serverEnvironment(ann, { caFiles: files }, direct);
    assert.ok(Object.values(given).includes(files.join(delimiter)));
    await ask(given);
  });

  test('says a certificate that is none is none', async () => {
    await assert.rejects(
      ask(serverEnvironment(ann, { caFiles: [], pinnedPem: 'nothing' }, direct)),
      /APPLIANCE_FORGE_CERTIFICATE is no certificate/,
    );
  });

  test('has key pairs, and the proxy of the settings instead of the one of the environment', () => {
    const keys: Credentials = { kind: 'apiKey', login: 'ann', publicKey: 'p', secretKey: 's' };
    const proxy = new URL('http://proxy.example.com:3128/');
    assert.deepEqual(serverEnvironment(keys, { caFiles: [] }, { mode: 'proxy', proxy }), {
      APPLIANCE_FORGE_API_KEY: 'p',
      APPLIANCE_FORGE_SECRET_KEY: 's',
      APPLIANCE_FORGE_CA_FILE: null,
      APPLIANCE_FORGE_CERTIFICATE: null,
      https_proxy: proxy.href,
      http_proxy: proxy.href,
      no_proxy: '',
    });
    assert.equal(serverEnvironment(keys, { caFiles: [] }, direct)['no_proxy'], '*');
    assert.ok(!('no_proxy' in serverEnvironment(keys, { caFiles: [] }, { mode: 'system' })));
  });
});

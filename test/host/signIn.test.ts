import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { ApplianceForgeApi } from '../../src/editor/agents/extensionApi.ts';
import { findForge, type ForgeAddress } from '../../src/forge/process/launch.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { selfSigned } from '../unit/uforge/certificates.ts';
import { examples, extension, startMcpServer, until } from './support.ts';

const run = async (name: string, ...args: unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`applianceForge.${name}`, ...args);

/** The local forge speaks the API of a UForge AppCenter, so it serves as one here, under its real address. */
describe('a UForge AppCenter', () => {
  let forge: ApplianceForgeApi;
  let address: ForgeAddress;
  const setting = (name: string): unknown => vscode.workspace.getConfiguration('applianceForge').get(name);

  before(async () => {
    forge = await extension();
    await run('refresh');
    const found = await findForge(forge.forgeFolder);
    assert.ok(found !== undefined, 'asking for the images starts the local forge');
    address = found;
  });
  after(async () => {
    await run('signOut', address.url);
    await run('useLocalForge');
    await vscode.workspace
      .getConfiguration('applianceForge')
      .update('servers', undefined, vscode.ConfigurationTarget.Global);
  });

  const signIn = async (password: string, more: object = {}): Promise<unknown> => {
    const credentials = { kind: 'password', login: address.user, password };
    return run('signIn', { server: address.url, credentials, ...more });
  };

  /** As whoever runs the server does it. */
  const setQuota = async (quota: string): Promise<void> => {
    const { extensionPath } = vscode.extensions.getExtension('appliance-forge.appliance-forge')!;
    const user = ['user', 'set', address.user, '--quota', quota, '--data', forge.forgeFolder];
    await promisify(execFile)(process.execPath, [join(extensionPath, 'dist/forge.js'), ...user], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
  };

  it('is not signed in to with a wrong password, and nothing is kept', async () => {
    assert.equal(await signIn(`${address.password}x`), undefined);
    assert.equal(setting('server.url'), '');
    assert.deepEqual(setting('servers'), []);
  });

  it('is signed in to with the right one; address and login go to the settings, the password does not', async () => {
    assert.equal(await signIn(address.password), address.url);
    assert.equal(setting('server.url'), address.url);
    assert.deepEqual(setting('servers'), [{ url: address.url, login: address.user }]);
    const all = JSON.stringify(vscode.workspace.getConfiguration());
    assert.ok(!all.includes(address.password));
  });

  it('is not asked for an image when the quota there is used up', async () => {
    const definition = vscode.Uri.joinPath(examples(), 'minimal', 'representation.xml');
    const known = forge.tickets.all().length;
    await setQuota('generation=0');
    try {
      assert.equal(await run('generate', definition), undefined);
      assert.equal(forge.tickets.all().length, known);
    } finally {
      await setQuota('generation=none');
    }
  });

  it('builds images from then on', async () => {
    // An appliance of its own: “minimal” is there already, pushed under the local forge’s name, and would be
    // asked about.
    const folder = vscode.Uri.joinPath(examples(), 'elsewhere');
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(examples(), 'minimal'), folder);
    const template = vscode.Uri.joinPath(folder, 'template.yml');
    const text = Buffer.from(await vscode.workspace.fs.readFile(template)).toString('utf8');
    const renamed = text.replace(/name: minimal/, 'name: elsewhere');
    assert.notEqual(renamed, text);
    await vscode.workspace.fs.writeFile(template, Buffer.from(renamed));
    const definition = vscode.Uri.joinPath(folder, 'representation.xml');
    const [ticket] = ((await run('generate', definition)) ?? []) as readonly Ticket[];
    assert.equal(ticket?.server, address.url);
    await run('delete', ticket, { confirmed: true });
    assert.equal(forge.tickets.get(ticket), undefined);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('with a certificate nobody vouches for is trusted by its fingerprint, beside the others', async () => {
    const certificate = await selfSigned();
    const { port } = new URL(address.url);
    const asked: { readonly path: string; readonly from: number | undefined }[] = [];
    const server = createServer(certificate, (incoming, response) => {
      asked.push({ path: incoming.url ?? '', from: incoming.socket.remotePort });
      const headers = { ...incoming.headers, host: `127.0.0.1:${port}` };
      const { method, url: path } = incoming;
      const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const secure = `https://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
      const fingerprint = '00'.repeat(32);
      assert.equal(await signIn(address.password, { server: secure, fingerprint }), undefined);
      const right = new X509Certificate(certificate.cert).fingerprint256;
      assert.equal(await signIn(address.password, { server: secure, fingerprint: right }), secure);
      const urls = (setting('servers') as readonly { url: string }[]).map(({ url }) => url);
      assert.deepEqual(urls, [address.url, secure]);
      await run('refresh');
      const listFormats = await startMcpServer('list_formats');
      // The MCP server is a program of its own: what it asks comes by a connection the window does not have.
      const ofWindow = new Set(asked.map(({ from }) => from));
      const { content } = await vscode.lm.invokeTool(listFormats, {
        input: {},
        toolInvocationToken: undefined,
      });
      const [text] = content;
      assert.ok(text instanceof vscode.LanguageModelTextPart);
      assert.match(text.value, /QCOW2/);
      assert.ok(
        asked.some(({ path, from }) => path.endsWith('/targetformats') && !ofWindow.has(from)),
        'it asks the server that is signed in to',
      );
      await run('signOut', secure);
    } finally {
      server.closeAllConnections();
      server.close();
      await vscode.workspace
        .getConfiguration('applianceForge')
        .update('server.url', address.url, vscode.ConfigurationTarget.Global);
    }
  });

  it('asks for signing in again after signing out', async () => {
    await run('signOut', address.url);
    const definition = vscode.Uri.joinPath(examples(), 'minimal', 'representation.xml');
    assert.equal(await run('generate', definition), undefined);
    assert.equal(setting('server.url'), address.url);
    await run('useLocalForge');
    await until(() => setting('server.url') === '', 'the local forge to be in charge');
  });

  it('with an address that is none is refused before anything is sent', async () => {
    const settings = vscode.workspace.getConfiguration('applianceForge');
    await settings.update('server.url', 'not an address', vscode.ConfigurationTarget.Global);
    const before = forge.tickets.all();
    const definition = vscode.Uri.joinPath(examples(), 'minimal', 'representation.xml');
    assert.equal(await run('generate', definition), undefined);
    assert.deepEqual(forge.tickets.all(), before);
    await run('signOut', address.url);
    await run('useLocalForge');
  });
});

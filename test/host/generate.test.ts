import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ApplianceForgeApi } from '../../src/editor/agents/extensionApi.ts';
import { ImageDrag } from '../../src/editor/images/list/dragImages.ts';
import type { TicketNode } from '../../src/editor/images/list/nodes.ts';
import { findForge } from '../../src/forge/process/launch.ts';
import type { Ticket } from '../../src/tickets/ticket.ts';
import { examples, extension, until } from './support.ts';

const run = async (name: string, ...args: unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`applianceForge.${name}`, ...args);

describe('an image, from the definition to the file', () => {
  let forge: ApplianceForgeApi;
  const definition = vscode.Uri.joinPath(examples(), 'minimal', 'representation.xml');

  const now = (ticket: Ticket): Ticket | undefined =>
    forge.tickets.all().find(({ server, uri }) => server === ticket.server && uri === ticket.uri);

  const generate = async (): Promise<Ticket> => {
    const tickets = (await run('generate', definition)) as readonly Ticket[] | undefined;
    assert.equal(tickets?.length, 1, 'one ticket');
    return tickets[0]!;
  };

  before(async () => {
    forge = await extension();
  });

  afterEach(async () => {
    for (const ticket of forge.tickets.all()) await run('delete', ticket, { confirmed: true });
  });

  it('is not requested when the definition has an error, and says why', async () => {
    const broken = vscode.Uri.joinPath(examples(), 'minimal', 'wrong', 'representation.xml');
    const text =
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compress>yes</compress></ns0:image>';
    await vscode.workspace.fs.writeFile(broken, Buffer.from(text));
    assert.equal(await run('generate', broken), undefined);
    assert.deepEqual(forge.tickets.all(), []);
    const problems = vscode.languages.getDiagnostics(broken);
    assert.ok(problems.some(({ severity }) => severity === vscode.DiagnosticSeverity.Error));
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(broken, '..'), { recursive: true });
  });

  it('is refused for a target format the server does not have before the template is pushed', async () => {
    const template = vscode.Uri.joinPath(examples(), 'minimal', 'template.yml');
    const unsent = vscode.Uri.joinPath(examples(), 'unsent', 'template.yml');
    const text = Buffer.from(await vscode.workspace.fs.readFile(template)).toString();
    await vscode.workspace.fs.writeFile(unsent, Buffer.from(text.replace('name: minimal', 'name: unsent')));
    assert.equal(await run('generate', unsent, 'Virtualbocks'), undefined);
    assert.deepEqual(forge.tickets.all(), []);
    const pushed = await readFile(join(forge.forgeFolder, 'pushed.json'), 'utf8').catch(() => '');
    assert.doesNotMatch(pushed, /unsent/);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(unsent, '..'), { recursive: true });
  });

  it('is requested for every selected definition; folders and what fails keep no other from its turn', async () => {
    const [minimal, nginx] = ['minimal', 'nginx'].map((name) => vscode.Uri.joinPath(examples(), name));
    const files = [minimal!, nginx!].map((folder) => vscode.Uri.joinPath(folder, 'representation.xml'));
    const gone = vscode.Uri.joinPath(examples(), 'gone', 'representation.xml');
    await run('simulate', files[0], [nginx, gone, ...files]);
    assert.deepEqual(
      forge.tickets
        .all()
        .map(({ applianceName }) => applianceName)
        .toSorted(),
      ['minimal', 'nginx'],
    );
    const ended = (): boolean => forge.tickets.all().every(({ state }) => state === 'done');
    await until(ended, 'the simulations to end', 60_000);
    const all = (await run('generateAll', files[1], [nginx, ...files])) as readonly Ticket[] | undefined;
    assert.deepEqual(all?.map(({ applianceName }) => applianceName).toSorted(), ['minimal', 'nginx']);
    for (const ticket of all) await run('cancel', ticket);
  });

  it('is requested with what the editor shows: changes are saved first', async () => {
    const document = await vscode.workspace.openTextDocument(definition);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(definition, new vscode.Position(document.lineCount, 0), '<!-- changed -->\n');
    await vscode.workspace.applyEdit(edit);
    assert.ok(document.isDirty);
    const ticket = await generate();
    assert.ok(!document.isDirty);
    await run('cancel', ticket);
    await until(() => now(ticket)?.state === 'cancelled', 'the ticket to be cancelled');
  });

  it('shows its progress, and stops at once when cancelled', async () => {
    const ticket = await generate();
    assert.equal(ticket.targetFormat, 'QCOW2');
    assert.equal(ticket.definition, definition.toString());
    await until(() => (now(ticket)?.percentage ?? 0) > 0, 'progress', 30_000);
    const running = now(ticket)!;
    assert.equal(running.state, 'running');
    assert.notEqual(running.message, '', 'the stage has a name');
    const start = Date.now();
    await run('cancel', ticket);
    await until(() => now(ticket)?.state === 'cancelled', 'the ticket to be cancelled', 5_000);
    assert.ok(Date.now() - start < 5_000);
  });

  it('is not generated twice at a time', async () => {
    const ticket = await generate();
    assert.equal(await run('generate', definition), undefined, 'the second request is refused');
    assert.equal(forge.tickets.all().length, 1);
    await run('cancel', ticket);
    await until(() => now(ticket)?.state === 'cancelled', 'the ticket to be cancelled');
  });

  it('is requested in two formats at the same moment of an appliance the server does not have yet', async () => {
    const folder = vscode.Uri.joinPath(examples(), 'twins');
    const write = async (text: string, ...path: string[]): Promise<vscode.Uri> => {
      const uri = vscode.Uri.joinPath(folder, ...path);
      await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
      return uri;
    };
    const template = vscode.Uri.joinPath(examples(), 'minimal', 'template.yml');
    const text = Buffer.from(await vscode.workspace.fs.readFile(template)).toString();
    await write(text.replace('name: minimal', 'name: twins'), 'template.yml');
    const request = Buffer.from(await vscode.workspace.fs.readFile(definition)).toString();
    const definitions = [
      await write(request, 'representation.xml'),
      await write(request.replace('QCOW2', 'Raw Virtual Disk'), 'raw', 'representation.xml'),
    ];
    const sent = await Promise.all(definitions.map(async (each) => run('generate', each)));
    assert.deepEqual(
      (sent as (readonly Ticket[] | undefined)[]).map((tickets) => tickets?.[0]?.targetFormat),
      ['QCOW2', 'Raw Virtual Disk'],
    );
    for (const ticket of forge.tickets.all()) await run('cancel', ticket);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  it('is built again from the row of one that was cancelled', async () => {
    const first = await generate();
    await run('cancel', first);
    await until(() => now(first)?.state === 'cancelled', 'the ticket to be cancelled');
    const [second] = (await run('generateAgain', now(first), 'file')) as readonly Ticket[];
    assert.notEqual(second?.uri, first.uri);
    assert.equal(second?.targetFormat, first.targetFormat);
    await run('cancel', second);
    await until(() => now(second)?.state === 'cancelled', 'the second to be cancelled');
    const [third] = (await run('generateAgain', now(first), 'request')) as readonly Ticket[];
    assert.ok(third !== undefined && ![first.uri, second.uri].includes(third.uri));
    await run('cancel', third);
  });

  it('has a log that can be read while it is built', async () => {
    const ticket = await generate();
    await until(() => (now(ticket)?.percentage ?? 0) > 0, 'progress', 30_000);
    await run('showLog', ticket);
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'appliance-forge-log');
    await until(() => document.lineCount > 3, 'lines in the log', 30_000);
    const lines = document.lineCount;
    await until(() => document.lineCount > lines, 'more lines while it is built', 60_000);
  });

  it('does not take the way to the local forge through a proxy', async () => {
    const http = vscode.workspace.getConfiguration('http');
    await http.update('proxy', 'http://127.0.0.1:9', vscode.ConfigurationTarget.Global);
    try {
      await run('delete', await generate(), { confirmed: true });
    } finally {
      await http.update('proxy', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('fails, and says why, when the forge is killed in the middle; the next forge knows it', async function () {
    this.timeout(120_000);
    const ticket = await generate();
    await until(() => (now(ticket)?.percentage ?? 0) > 0, 'progress', 30_000);
    const killed = (await findForge(forge.forgeFolder))!;
    process.kill(killed.pid, 'SIGKILL');
    await until(() => now(ticket)?.state === 'failed', 'the ticket to fail', 60_000);
    assert.notEqual(now(ticket)?.errorMessage ?? '', '');
    const next = await findForge(forge.forgeFolder);
    assert.notEqual(next?.pid, killed.pid);
  });

  it('leaves the tree when it is deleted', async () => {
    const ticket = await generate();
    await run('delete', ticket, { confirmed: true });
    assert.equal(now(ticket), undefined);
  });

  it('is built, downloaded and verified', async function () {
    this.timeout(300_000);
    const folder = await mkdtemp(join(tmpdir(), 'af-download-'));
    const settings = vscode.workspace.getConfiguration('applianceForge');
    await settings.update('download.folder', folder, vscode.ConfigurationTarget.Global);
    try {
      const ticket = await generate();
      await until(() => !['waiting', 'running'].includes(now(ticket)!.state), 'the image', 280_000);
      const done = now(ticket)!;
      assert.equal(done.state, 'done', `${done.errorMessage ?? ''}\n${done.detail ?? ''}`);
      assert.ok(done.downloadable);
      const path = (await run('download', done)) as string;
      assert.equal((await stat(path)).size, done.fileSize);
      assert.deepEqual(await readdir(folder), [path.slice(folder.length + 1)], 'no part is left');
      const dragged = new vscode.DataTransfer();
      new ImageDrag().handleDrag([{ kind: 'ticket', ticket: done } as TicketNode], dragged);
      const address = (await dragged.get('text/uri-list')?.asString()) ?? '';
      const dropped = vscode.Uri.file(join(folder, 'dropped'));
      await vscode.workspace.fs.copy(vscode.Uri.parse(address), dropped); // as the Explorer does
      assert.deepEqual(await readFile(dropped.fsPath), await readFile(path));
      await run('showPackages', done);
      const packages = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(packages, /^bash \S+ amd64$/m);
      const [installed = '', leftOut = ''] = packages.split('\n\n');
      assert.match(leftOut, /^Recommended and left out:\n[^]*libnss-resolve/);
      const file = vscode.Uri.file(join(folder, 'sbom.json'));
      await run('exportSbom', done, { format: 'cyclonedx', file });
      const sbom = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
      assert.equal(
        (JSON.parse(sbom) as { components: unknown[] }).components.length,
        installed.split('\n').length,
      );
      assert.match(String(await run('copyLink', done)), /^http:\/\/127\.0\.0\.1:\d+\/api\/users\/.+\.qcow2$/);
      await run('showTicket', done);
      const page = (): vscode.Tab | undefined => {
        const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
        return tab?.input instanceof vscode.TabInputWebview ? tab : undefined;
      };
      await until(() => page() !== undefined, 'its page');
      await vscode.window.tabGroups.close(page()!);
    } finally {
      await settings.update('download.folder', undefined, vscode.ConfigurationTarget.Global);
      await rm(folder, { recursive: true });
    }
  });
});

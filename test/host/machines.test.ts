import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { ConsoleTerminal, MachinePseudoterminal } from '../../src/editor/machines/consoleTerminal.ts';
import { openedPorts } from '../../src/editor/machines/openedPorts.ts';
import { powerOff } from '../../src/editor/machines/powerOff.ts';
import { startMachine, type Forwarded, type Machine } from '../../src/machines/index.ts';
import { systemClock, type Clock } from '../../src/uforge/clock.ts';
import { writeTinyImage } from '../support/tinyImage.ts';
import { examples, extension, until } from './support.ts';

const run = async (name: string, ...args: unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`applianceForge.${name}`, ...args);

describe('a machine started from an image file', () => {
  let folder: string;
  let image: vscode.Uri;
  let row: { readonly machine: { readonly id: string } };
  const terminal = (): vscode.Terminal | undefined =>
    vscode.window.terminals.find(({ name }) => name === 'tiny.raw');
  const screen = (): vscode.Tab | undefined =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label === 'Screen: tiny.raw');

  before(async () => {
    await extension();
    folder = await mkdtemp(join(tmpdir(), 'af-machine-'));
    image = vscode.Uri.file(join(folder, 'tiny.raw'));
    await writeTinyImage(image.fsPath);
  });
  after(async () => {
    terminal()?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('is not started when the file is no image', async () => {
    assert.equal(await run('startImage', vscode.Uri.file(join(folder, 'notes.txt'))), undefined);
  });

  it('is there once it asks for a login, with its console in a terminal', async function () {
    this.timeout(60_000);
    const id = await run('startImage', image);
    assert.equal(typeof id, 'string');
    row = { machine: { id: id as string } };
    assert.ok(terminal());
  });

  it('forwards a port that is asked for once, to loopback', async () => {
    const port = (await run('forwardPort', row, 8080)) as Forwarded;
    assert.equal(port.guest, 8080);
    assert.deepEqual(await run('forwardPort', row, 8080), port);
    const socket = connect(port.host, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    socket.destroy();
  });

  it('shows its screen in an editor, once', async () => {
    await run('showScreen', row);
    await run('showScreen', row);
    await until(() => screen() !== undefined, 'the screen');
    await vscode.window.tabGroups.close(screen()!);
  });

  it('has its console again when the terminal was closed', async () => {
    terminal()?.dispose();
    await until(() => terminal() === undefined, 'the terminal to go');
    await run('showConsole', row);
    await until(() => terminal() !== undefined, 'the terminal');
  });

  it('may be one of several of the same image', async () => {
    const id = (await run('startImage', image)) as string;
    const second = vscode.window.terminals.find(({ name }) => name === 'tiny.raw (2)');
    assert.ok(second);
    await run('stopMachine', { machine: { id } });
    second.dispose();
    await until(() => !vscode.window.terminals.includes(second), 'the second terminal to go');
  });

  it('is kept as an image of its own', async () => {
    const kept = join(folder, 'kept.raw');
    assert.equal(await run('keepChanges', row, vscode.Uri.file(kept)), kept);
    assert.equal((await stat(kept)).size, (await stat(image.fsPath)).size);
  });

  it('ends when it is stopped; nobody waits for its SSH, and its last words stay in the terminal', async () => {
    const terminals = vscode.window.terminals.length;
    const connecting = run('connectSsh', row);
    await run('stopMachine', row);
    assert.equal(await connecting, undefined);
    assert.equal(vscode.window.terminals.length, terminals);
    assert.equal(await run('forwardPort', row, 8081), undefined);
    assert.ok(terminal());
  });
});

describe('the console of a machine in a terminal', () => {
  let folder: string;
  let machine: Machine;
  let shown = '';
  let closed = false;
  let console: MachinePseudoterminal;

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), 'af-console-'));
    await writeTinyImage(join(folder, 'tiny.raw'));
    const file = { path: join(folder, 'tiny.raw'), targetFormat: 'QCOW2' };
    machine = await startMachine(file, { accelerator: 'tcg', memoryMb: 64 });
    console = new MachinePseudoterminal(machine);
    console.onDidWrite((text) => (shown += text));
    console.onDidClose(() => (closed = true));
  });
  after(async () => {
    await machine[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows what the machine has said before, with its colours', async () => {
    await machine.console.until(/login: /, { timeoutMs: 10_000 });
    console.open({ rows: 40, columns: 120 });
    assert.ok(shown.includes('\x1b[32mtiny\x1b[0m 1.0 ttyS0'));
  });

  it('sends what is typed to the machine, Ctrl-C too', async () => {
    console.handleInput('echo\x03');
    await until(() => shown.endsWith('echo\x03'), 'the machine to answer');
  });

  it('types its size for the shell when it is asked to', async () => {
    console.fit();
    await until(() => shown.endsWith(' stty rows 40 cols 120\r'), 'the machine to answer');
  });

  it('does not answer again what the machine has asked an earlier terminal', async () => {
    console.handleInput('\x1b[6n\x1b[c');
    await until(() => shown.endsWith('\x1b[6n\x1b[c'), 'the machine to answer');
    const again = new MachinePseudoterminal(machine);
    let seen = '';
    again.onDidWrite((text) => (seen += text));
    again.open(undefined);
    again.close();
    assert.match(seen, /login: echo/);
    assert.ok(!seen.includes('\x1b[6n') && !seen.includes('\x1b[c'));
  });

  it('says so when nobody in the machine listens to the power button', async () => {
    const soon: Clock = { now: () => 0, schedule: (_ms, callback) => systemClock.schedule(0, callback) };
    const title = 'tiny';
    const pressed = powerOff(
      { machine, title, from: '', console: new ConsoleTerminal(machine, title) },
      soon,
    );
    await assert.rejects(pressed, /tiny does not listen to its power button/);
  });

  it('says how the machine ended, and closes with the next key', async () => {
    await machine.stop();
    await until(() => shown.includes('The machine was stopped.'), 'the end');
    console.handleInput(' ');
    assert.ok(closed);
  });
});

describe('the ports a template opens', () => {
  it('are those that its firewall accepts, in a bundle or in a file of its own', async () => {
    const folder = vscode.Uri.joinPath(examples(), 'opened');
    const write = (text: string, ...path: string[]): Thenable<void> =>
      vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, ...path), Buffer.from(text));
    await write(
      `stack:
  name: opened
  version: '1.0'
  os: { name: Debian, version: '12', arch: x86_64, profile: Minimal }
  installation:
    firewall: true
    files:
      - path: /etc/appliance-forge/firewall.d/web.nft
        content: |
          tcp dport { 80, 443 } accept
          # tcp dport 81 accept
          tcp dport 82 drop
  bundles:
    - name: firewall
      version: '1.0'
      destination: /etc/appliance-forge/firewall.d
      files:
        - name: more.nft
          source: rules/more.nft
`,
      'template.yml',
    );
    await write('ip saddr 10.0.0.0/8 tcp dport 8080 accept\n', 'rules', 'more.nft');
    await write('<image/>', 'qcow2', 'representation.xml');
    const request = vscode.Uri.joinPath(folder, 'qcow2', 'representation.xml').toString();
    assert.deepEqual(await openedPorts(request), [80, 443, 8080]);
    await vscode.workspace.fs.delete(folder, { recursive: true });
    assert.deepEqual(await openedPorts(request), []);
  });
});

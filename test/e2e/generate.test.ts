import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

const qemuImg = promisify(execFile);

/** A build takes a minute; on a busy machine with an empty cache, several. */
const buildMs = 8 * 60_000;
/** A start takes half a minute where QEMU has to emulate the processor; more on a busy machine. */
const bootMs = 4 * 60_000;

// One way of a person through one window: each step goes on from the one before.
suite('From right-click to an image', { timeout: 11 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    // What a terminal draws with the graphics card no test can read.
    window = await EditorWindow.open({ 'terminal.integrated.gpuAcceleration': 'off' });
    workbench = window.workbench;
    // Nothing but the base system comes from a cache: the build takes long enough to be watched.
    const template = join(window.workspace, 'minimal/template.yml');
    await appendFile(template, `    welcomeMessage: ${randomUUID()}\n`);
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  const runningRow = () => workbench.row(/minimal 1\.0, QCOW2, (Waiting|Running)/);
  const doneRow = () => workbench.row(/minimal 1\.0, QCOW2, Done/);
  const statusBar = () => workbench.statusBarItem(/Generating 1 image/);

  test('the menu of representation.xml offers Generate Image', async () => {
    const file = await workbench.file('minimal', 'representation.xml');
    const entry = await workbench.contextMenu(file, 'Generate Image');
    await workbench.picture('1-right-click');
    await workbench.choose(entry);
  });

  test('its ticket appears in Images and goes through its stages', async () => {
    await runningRow().waitFor();
    const seen = new Set<string>();
    const deadline = Date.now() + 60_000;
    while (seen.size < 3 && Date.now() < deadline && (await runningRow().isVisible())) {
      seen.add((await runningRow().getAttribute('aria-label')) ?? '');
      await workbench.page.waitForTimeout(250);
    }
    await workbench.picture('2-images-while-running');
    assert.ok(seen.size >= 3, `the row changes: ${[...seen].join(' | ')}`);
  });

  test('the status bar counts it while it runs', async () => {
    await statusBar().waitFor();
    assert.match((await statusBar().getAttribute('aria-label')) ?? '', /slowest at \d+ percent: \S/);
    await statusBar().hover();
    await workbench.picture('3-status-bar');
  });

  test('its log is followed to the end, until one scrolls up or says so', async () => {
    const stop = workbench.page.getByRole('button', { name: 'Stop Following the Log' });
    const follow = workbench.page.getByRole('button', { name: 'Follow the Log', exact: true });
    await (await workbench.inlineAction(runningRow(), 'Show Log')).click();
    await stop.waitFor();
    // Lines have to have come for there to be somewhere to go.
    await workbench.until(async () => {
      await workbench.page.keyboard.press('ControlOrMeta+Home');
      return follow.isVisible();
    });
    await workbench.picture('3-log');
    await follow.click();
    await stop.waitFor();
    await stop.click();
    await follow.waitFor();
    await workbench.command('View: Close Editor');
  });

  test('a notification says when it is done', async () => {
    // Nothing is told to somebody who is looking at the rows.
    await workbench.showExplorer();
    const notification = workbench.notification('minimal 1.0 for QCOW2 is done');
    await notification.waitFor({ timeout: buildMs });
    await workbench.picture('4-done');
    await workbench.activity('Appliance Forge').click();
    await doneRow().waitFor();
  });

  test('the status bar item has gone', async () => {
    await statusBar().waitFor({ state: 'detached' });
  });

  test('the row downloads it, verified', async () => {
    assert.deepEqual(await readdir(window.downloads), []);
    await (await workbench.inlineAction(doneRow(), 'Download Image')).click();
    await workbench
      .notification(/ is in .+\/downloads, verified by its SHA256/)
      .waitFor({ timeout: 120_000 });
    await workbench.picture('5-downloaded');
  });

  test('the file is an image that qemu-img accepts', async () => {
    const files = await readdir(window.downloads);
    assert.equal(files.length, 1, files.join(' '));
    const path = join(window.downloads, files[0]!);
    const { stdout } = await qemuImg('qemu-img', ['check', '--output=json', path]);
    const checked = JSON.parse(stdout) as Record<string, unknown>;
    assert.equal(checked['format'], 'qcow2');
    assert.equal(checked['check-errors'], 0);
    assert.equal(checked['corruptions'] ?? 0, 0);
  });

  const machine = () => workbench.row(/minimal 1\.0 · QCOW2, Running, .+ MB, (KVM|emulated)/);

  test('the row starts it without another download; its console asks for a login', async () => {
    await (await workbench.inlineAction(doneRow(), 'Start Image')).click();
    await machine().waitFor({ timeout: 60_000 });
    await workbench.terminal('minimal login:').waitFor({ timeout: bootMs });
    await workbench.picture('6-console');
    assert.equal((await readdir(window.downloads)).length, 1);
  });

  test('its screen says the same, and its keyboard can be left', async () => {
    await workbench.choose(await workbench.contextMenu(machine(), 'Show Screen'));
    const screen = workbench.webview();
    await screen.locator('canvas').click();
    await workbench.page.keyboard.press('Control+Alt+G');
    const button = screen.getByRole('button', { name: 'Send Ctrl+Alt+Delete' });
    await button.and(screen.locator(':focus')).waitFor();
    await workbench.picture('7-screen');
  });

  test('the status bar counts it until it is stopped; what it has written can be kept then', async () => {
    await workbench.statusBarItem(/1 machine running/).waitFor();
    await workbench.choose(await workbench.contextMenu(machine(), 'Stop Machine'));
    const told = workbench.notification('minimal 1.0 · QCOW2: The machine was stopped.');
    await told.getByRole('button', { name: 'Keep Changes as Image…' }).waitFor();
    await machine().waitFor({ state: 'detached' });
    await workbench.statusBarItem(/1 machine running/).waitFor({ state: 'detached' });
    await workbench.terminal('Any key closes this terminal.').waitFor();
  });
});

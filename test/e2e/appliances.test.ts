import assert from 'node:assert/strict';
import { appendFile, cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { findForge } from '../../src/forge/process/launch.ts';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

suite('The Appliances view is true', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open();
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  const inWorkspace = (...path: string[]) => join(window.workspace, ...path);
  const minimal = (state: string) => workbench.row(new RegExp(`^minimal 1\\.0, ${state}`));

  test('nobody has asked the server yet', async () => {
    await workbench.activity('Appliance Forge').click();
    await minimal('not compared').waitFor();
  });

  test('an image that is asked for brings its template in step', async () => {
    const file = await workbench.file('minimal', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Simulate'));
    await minimal('in step').waitFor({ timeout: 60_000 });
    await workbench.row(/^nginx 1\.0, not pushed/).waitFor();
  });

  test('what changes, comes and goes outside of the editor is seen', async () => {
    const template = inWorkspace('minimal', 'template.yml');
    const text = await readFile(template, 'utf8');
    await appendFile(template, '    welcomeMessage: Hello\n');
    await minimal('changed').waitFor();
    await writeFile(template, text);
    await minimal('in step').waitFor();
    await cp(inWorkspace('minimal'), inWorkspace('other'), { recursive: true });
    await minimal('in step · other').waitFor();
    await rename(inWorkspace('other'), inWorkspace('moved'));
    await minimal('in step · moved').waitFor();
    await minimal('in step · other').waitFor({ state: 'detached' });
    await rm(inWorkspace('moved'), { recursive: true });
    await minimal('in step · moved').waitFor({ state: 'detached' });
  });

  test('a template that has just been pulled is in step, and so is the one it was pushed from', async () => {
    const onServer = workbench.row(/^minimal 1\.0, .*revision 1/);
    await workbench.choose(await workbench.contextMenu(onServer, 'Pull as Template…'));
    await workbench.answer('Folder to write the template into', 'pulled');
    await workbench.page.getByRole('tab', { name: /^template\.yml/ }).waitFor();
    await workbench.row(/^minimal 1\.0, in step · pulled/).waitFor();
    await workbench.row(/^minimal 1\.0, in step · minimal/).waitFor();
    assert.doesNotMatch(await readFile(inWorkspace('pulled', 'template.yml'), 'utf8'), /builders/);
  });

  // The local forge speaks the API of a UForge AppCenter, so it serves as one here, under its real address.
  test('who signs in needs no whole address, mistypes it without harm, and is in the Accounts menu', async () => {
    await workbench.statusBarItem(/^New images are built on local forge/).waitFor();
    const forge = await findForge(window.forgeData);
    assert.ok(forge !== undefined);
    const { host } = new URL(forge.url);
    const question = 'Address of the UForge AppCenter';
    await workbench.command('Appliance Forge: Sign In');
    await workbench.answer(question, 'localhost:1');
    await workbench.question(/localhost:1: .+Address of the UForge AppCenter/).waitFor();
    assert.equal(await workbench.typed(), 'localhost:1');
    await workbench.answer(question, host);
    await workbench.answer('Login', forge.user);
    await workbench.pick('Password');
    await workbench.answer('Password of', forge.password);
    await workbench.statusBarItem(new RegExp(`^New images are built on ${host}`)).waitFor();
    await minimal('not from here').first().waitFor();
    assert.equal(await minimal('in step').count(), 0);
    await workbench.page.getByRole('button', { name: 'Accounts', exact: true }).click();
    await workbench.page.getByRole('menuitem', { name: `${forge.user} (${host})` }).waitFor();
    await workbench.picture('20-accounts');
    await workbench.page.keyboard.press('Escape');
  });

  test('who is signed out reads it in the view and in the status bar', async () => {
    await workbench.command('Appliance Forge: Sign Out');
    await workbench.page
      .getByText(/^You are not signed in to 127\.0\.0\.1/)
      .first()
      .waitFor();
    await workbench.statusBarItem(/^You are not signed in to/).waitFor();
    await workbench.picture('21-signed-out');
  });
});

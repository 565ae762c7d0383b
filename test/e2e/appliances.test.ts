import assert from 'node:assert/strict';
import { appendFile, cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
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
    await minimal('not compared yet').waitFor();
  });

  test('an image that is asked for brings its template in step', async () => {
    const file = await workbench.file('minimal', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Simulate'));
    await minimal('in step').waitFor({ timeout: 60_000 });
    await workbench.row(/^nginx 1\.0, not on the server/).waitFor();
  });

  test('what changes, comes and goes outside of the editor is seen', async () => {
    const template = inWorkspace('minimal', 'template.yml');
    const text = await readFile(template, 'utf8');
    await appendFile(template, '    welcomeMessage: Hello\n');
    await minimal('changed since it was pushed').waitFor();
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
});

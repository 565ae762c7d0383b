import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

suite('In a workspace that is not trusted', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open({
      'security.workspace.trust.enabled': true,
      'security.workspace.trust.startupPrompt': 'never',
    });
    workbench = window.workbench;
    const file = join(window.workspace, 'minimal/representation.xml');
    await writeFile(file, (await readFile(file, 'utf8')).replace('>true<', '>yes<'));
    const template = join(window.workspace, 'minimal/template.yml');
    const script =
      '  config:\n    - { name: s, source: /etc/shadow, type: bootscript, frequency: firstboot }\n';
    await writeFile(template, (await readFile(template, 'utf8')).replace(/^stack:\n/m, `stack:\n${script}`));
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  test('definitions are checked', async () => {
    await (await workbench.file('minimal', 'representation.xml')).dblclick();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.row(/must be true or false.*line 3/).waitFor();
  });

  test('a file outside the template’s folder is an error', async () => {
    await (await workbench.file('minimal', 'template.yml')).dblclick();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.row(/^Error: “\/etc\/shadow” is outside the template’s folder/).waitFor();
  });

  test('nothing is built, and the reason is said', async () => {
    const file = await workbench.file('nginx', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Generate Image'));
    await workbench.notification(/Restricted Mode|trust/).waitFor();
    await workbench.picture('8-restricted');
    await workbench.activity('Appliance Forge').click();
    await workbench.page.getByText('This workspace is in Restricted Mode').waitFor();
    assert.equal(await workbench.row(/VirtualBox/).count(), 0);
  });
});

import assert from 'node:assert/strict';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

suite('A template that names files outside its folder', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;
  let secret: string;

  before(async () => {
    window = await EditorWindow.open();
    workbench = window.workbench;
    secret = join(window.downloads, 'secret.txt');
    await writeFile(secret, 'TOP SECRET');
    await symlink(secret, join(window.workspace, 'minimal/harmless.sh'));
    const file = join(window.workspace, 'minimal/template.yml');
    const script =
      '  config:\n    - { name: s, source: harmless.sh, type: bootscript, frequency: firstboot }\n';
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^stack:\n/m, `stack:\n${script}`));
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  const generate = async (): Promise<void> => {
    const file = await workbench.file('minimal', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Generate Image'));
  };

  test('has a warning at the place', async () => {
    await (await workbench.file('minimal', 'template.yml')).dblclick();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.row(/“harmless\.sh” \(.*secret\.txt\) is outside the template’s folder/).waitFor();
  });

  test('has the person asked with the list of them, and without a yes nothing is sent', async () => {
    await generate();
    const dialog = workbench.modalDialog();
    await dialog.getByText('Send them to local forge?').waitFor();
    await dialog.getByText(secret).waitFor();
    await workbench.picture('11-outside');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await workbench.activity('Appliance Forge').click();
    await workbench.page.getByText('No images yet').waitFor();
    assert.equal(await workbench.row(/^minimal/).count(), 0);
  });

  test('is pushed after a yes, which is not remembered', async () => {
    await generate();
    await workbench.modalDialog().getByRole('button', { name: 'Pack These Files' }).click();
    await workbench.activity('Appliance Forge').click();
    await workbench
      .row(/minimal.*(waiting|running|%)/i)
      .first()
      .waitFor({ timeout: 60_000 });
    await generate();
    await workbench.modalDialog().getByText(secret).waitFor();
    await workbench.modalDialog().getByRole('button', { name: 'Cancel' }).click();
  });
});

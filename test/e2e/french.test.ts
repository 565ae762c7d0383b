import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

suite('In French', { timeout: 3 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open({}, { locale: 'fr' });
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  test('the views, menus and rows speak it', async () => {
    const file = await workbench.file('minimal', 'representation.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Simuler'));
    const row = workbench.row(/^minimal 1\.0, QCOW2, Terminé, Dépendances vérifiées/);
    await row.waitFor({ timeout: 120_000 });
    await workbench.choose(await workbench.contextMenu(row, 'Afficher les détails'));
    await workbench.webview().getByRole('button', { name: 'Générer à nouveau' }).waitFor();
    await workbench.webview().getByRole('region', { name: 'Étapes' }).waitFor();
    await workbench.picture('16-french');
  });

  test('and so do the problems of a definition', async () => {
    const wrong =
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge"><compres>true</compres></ns0:image>\n';
    await writeFile(join(window.workspace, 'minimal/faux.xml'), wrong);
    await (await workbench.file('minimal', 'faux.xml')).dblclick();
    await workbench.page.keyboard.press('Control+Shift+M');
    await workbench.row(/« compres » n’est pas un élément de « image »/).waitFor();
  });
});

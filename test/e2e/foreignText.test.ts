import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import { appears, type Workbench } from './workbench.ts';

// A definition from somebody else's repository: what it and its files are called is text, whoever looks at it.
suite('An appliance with a link for a name', { timeout: 5 * 60_000 }, () => {
  const link = '[Show the report](command:workbench.action.closeAllEditors)';
  const name = `${link} $(check)`;
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    const os = "{ name: Debian, version: '12', arch: x86_64, profile: Minimal }";
    const right = `stack:\n  name: '${name}'\n  version: '1'\n  os: ${os}\nbuilders:\n  - type: QCOW2\n`;
    const files = { hostile: right, [link]: right.replace(', arch: x86_64', '') };
    // Before the window opens: VS Code may not watch its folder yet right after it has.
    window = await EditorWindow.open({}, {}, async (workspace) => {
      for (const [folder, text] of Object.entries(files)) {
        await mkdir(join(workspace, folder));
        await writeFile(join(workspace, folder, 'template.yml'), text);
      }
    });
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  const simulate = async (folder: string): Promise<void> => {
    const file = await workbench.file(folder, 'template.yml');
    await workbench.choose(await workbench.contextMenu(file, 'Simulate'));
  };

  test('makes no link of a notification', async () => {
    await simulate(link);
    const notification = workbench.notification('Show the report');
    await notification.waitFor();
    await workbench.picture('40-no-link-in-a-notification');
    assert.equal(await notification.locator('a[href]').count(), 0);
    assert.ok((await notification.innerText()).replaceAll('\u200b', '').includes(`${link}/template.yml`));
  });

  test('makes no link and no icon of its row and the row’s tooltip', async () => {
    await simulate('hostile');
    const row = workbench.row(/Show the report.*QCOW2/);
    await row.waitFor({ timeout: 60_000 });
    // Until it is over the row is painted anew now and then, which takes a tooltip away.
    await row.filter({ hasText: 'Dependencies checked' }).waitFor({ timeout: 60_000 });
    const tooltip = workbench.page.locator('.workbench-hover').filter({ hasText: 'Show the report' });
    do {
      await workbench.page.mouse.move(640, 400);
      await row.hover();
    } while (!(await appears(tooltip, 5000)));
    await workbench.picture('41-no-link-in-a-tooltip');
    assert.equal(await tooltip.locator('a, .codicon-check').count(), 0);
    assert.ok((await tooltip.innerText()).includes(name));
  });
});

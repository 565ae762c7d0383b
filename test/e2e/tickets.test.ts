import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

// Simulated tickets: dependencies are checked for real and nothing is built, so this takes seconds.
suite('Several tickets in one window', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;

  before(async () => {
    window = await EditorWindow.open({}, { permissions: ['clipboard-read', 'clipboard-write'] });
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  const minimal = () => workbench.row(/minimal 1\.0, QCOW2, Done, Dependencies checked/);
  const nginx = () => workbench.row(/nginx 1\.0, VirtualBox, Done, Dependencies checked/);
  const details = () =>
    workbench.webview().getByRole('heading', { name: 'nginx 1.0 · VirtualBox', level: 1 });

  const selectBoth = async () => {
    await minimal().click();
    await nginx().click({ modifiers: ['ControlOrMeta'] });
  };

  test('two definitions are simulated from the Explorer', async () => {
    for (const folder of ['minimal', 'nginx']) {
      const file = await workbench.file(folder, 'representation.xml');
      await workbench.choose(await workbench.contextMenu(file, 'Simulate'));
      await workbench.row(new RegExp(`^${folder} 1\\.0, \\w+, `)).waitFor({ timeout: 60_000 });
    }
    await minimal().waitFor({ timeout: 120_000 });
    await nginx().waitFor({ timeout: 120_000 });
  });

  test('two selected ones are compared by their packages', async () => {
    await selectBoth();
    await workbench.choose(await workbench.contextMenu(nginx(), 'Compare Packages'));
    await workbench.page.getByRole('tab', { name: /^Packages: minimal 1\.0 .+ ↔ nginx 1\.0/ }).waitFor();
    await workbench.page.getByText('libedit2').first().waitFor();
    await workbench.picture('13-compare-packages');
  });

  test('a filter stays after Enter, and Escape brings back what was shown', async () => {
    const filterBy = async (words: string, key: string) => {
      await workbench.command('Appliance Forge: Filter Images');
      await workbench.question('Words of the appliance').waitFor();
      await workbench.page.keyboard.press('ControlOrMeta+A');
      await workbench.page.keyboard.type(words);
      await workbench.page.keyboard.press(key);
      await workbench.question('Words of the appliance').waitFor({ state: 'hidden' });
    };
    await filterBy('nginx', 'Enter');
    await minimal().waitFor({ state: 'detached' });
    await workbench.page.getByText('filter: nginx').waitFor();
    await filterBy('minimal', 'Escape');
    await nginx().waitFor();
    await workbench.page.getByText('filter: nginx').waitFor();
    await workbench.command('Appliance Forge: Clear Filter');
    await minimal().waitFor();
  });

  test('a ticket’s page shows its stages, and comes back with the window', async () => {
    await nginx().click();
    await workbench.choose(await workbench.contextMenu(nginx(), 'Show Details'));
    await details().waitFor();
    await workbench.webview().getByRole('listitem').filter({ hasText: 'Checking dependencies' }).waitFor();
    await workbench.picture('14-ticket-page');
    // VS Code in a browser keeps what is open every five seconds: it can't while a page goes away.
    await workbench.page.waitForTimeout(6_000);
    await workbench.page.reload();
    await workbench.ready();
    await details().waitFor({ timeout: 60_000 });
    await minimal().waitFor();
  });

  test('a link to a ticket opens its page', async () => {
    await workbench.choose(await workbench.contextMenu(nginx(), 'Copy Link to Ticket'));
    await workbench.command('View: Close All Editors');
    await details().waitFor({ state: 'detached' });
    await workbench.command('Developer: Open URL');
    await workbench.question('URL to open').waitFor();
    await workbench.page.keyboard.press('Control+V');
    await workbench.page.keyboard.press('Enter');
    const question = workbench.modalDialog().filter({ hasText: 'Appliance Forge' });
    await question.getByRole('button', { name: 'Open' }).click();
    await details().waitFor();
  });

  test('keys alone open a page, move among its buttons, and delete the row that has the focus', async () => {
    const { keyboard } = workbench.page;
    const focused = (name: RegExp) =>
      workbench.page.locator('[role=treeitem].focused').and(workbench.row(name));
    await minimal().click();
    await keyboard.press('Control+K');
    await keyboard.press('Control+Alt+I');
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await focused(/^nginx 1\.0, VirtualBox, Done/).waitFor();
    await keyboard.press('Delete'); // while the other one is selected
    await workbench
      .modalDialog()
      .filter({ hasText: 'Delete the image of nginx 1.0 for VirtualBox?' })
      .waitFor();
    await keyboard.press('Escape');
    await workbench.modalDialog().waitFor({ state: 'detached' });
    await keyboard.press('Enter');
    await details().waitFor();
    const actions = workbench.webview().getByRole('navigation', { name: 'Actions' });
    const hasFocus = (index: number) =>
      actions.getByRole('button').nth(index).and(actions.locator(':focus-visible'));
    await workbench.until(async () => {
      await keyboard.press('Tab');
      return hasFocus(0).isVisible();
    });
    await keyboard.press('Tab');
    await hasFocus(1).waitFor();
    await workbench.webview().getByRole('status').filter({ hasText: 'Done' }).waitFor();
    await workbench.webview().getByRole('region', { name: 'Stages' }).waitFor();
  });

  test('the selected ones are deleted with one key and one question', async () => {
    await selectBoth();
    await workbench.page.keyboard.press('Delete');
    const question = workbench.modalDialog().filter({ hasText: 'Delete 2 images?' });
    await question.waitFor();
    await workbench.picture('15-delete-two');
    await question.getByRole('button', { name: 'Delete' }).click();
    await minimal().waitFor({ state: 'detached' });
    await nginx().waitFor({ state: 'detached' });
    await details().waitFor({ state: 'detached' });
  });
});

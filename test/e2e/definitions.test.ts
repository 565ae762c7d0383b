import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

const wrong = `<?xml version="1.0" encoding="UTF-8"?>
<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">
  <!-- a file to download -->
  <compres>true</compres>
  <targetFormat>
    <name>vbox</name>
  </targetFormat>
  <installProfile>
    <memorySize>4096</memorySize>
  </installProfile>
</ns0:image>
`;

interface Look {
  readonly appearance: string;
  readonly borderTopWidth: string;
  readonly borderTopColor: string;
  readonly backgroundColor: string;
}

/** A check box, as far as the tests look at it: they know no browser. */
interface Drawn {
  readonly checked: boolean;
  readonly ownerDocument: {
    readonly defaultView: { getComputedStyle(of: Drawn): Look };
  };
}

suite('Definitions in the editor', { timeout: 6 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;
  /** Of a file of the workspace; empty as long as it is not there. */
  const content = (...path: string[]): Promise<string> =>
    readFile(join(window.workspace, ...path), 'utf8').catch(() => '');

  before(async () => {
    window = await EditorWindow.open();
    workbench = window.workbench;
    await writeFile(join(window.workspace, 'minimal/order.xml'), wrong);
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => window[Symbol.asyncDispose]());

  test('have what can be done with them above their root, and sizes in GB', async () => {
    await (await workbench.file('minimal', 'order.xml')).dblclick();
    for (const name of ['Generate Image', 'Simulate', 'Check against Server']) {
      await workbench.codeLens(name).waitFor();
    }
    await workbench.editor.getByText('= 4 GB').waitFor();
    await workbench.picture('8-above-the-root');
  });

  test('are put right all at once', async () => {
    const { page } = workbench;
    await workbench.editor.getByText('compres', { exact: true }).first().click();
    await page.keyboard.press('Control+.');
    const all = page.getByText('Fix all problems that leave no choice');
    await all.waitFor();
    await workbench.picture('9-quick-fixes');
    await all.click();
    await workbench.editor.getByText('VirtualBox').waitFor();
    await page.keyboard.press('Control+S');
    await workbench.until(async () =>
      (await content('minimal', 'order.xml')).includes('<compress>true</compress>'),
    );
  });

  test('are shown and changed as a form, whose every change is one in the text', async () => {
    const { page } = workbench;
    await workbench.command('Appliance Forge: Open as Form');
    const form = workbench.webview();
    await form.getByRole('status').getByText('Nothing is wrong with this request.').waitFor();
    const memory = form.getByLabel('Memory', { exact: true });
    assert.equal(await memory.inputValue(), '4096');
    await memory.fill('2048');
    await memory.press('Enter');
    await form.getByText('MB = 2 GB').waitFor();
    await form.getByLabel('Target format', { exact: true }).selectOption('Docker');
    await form.getByText('Docker needs the command its container starts.').waitFor();
    await workbench.picture('10-form');
    await form.getByRole('button', { name: 'Add “entrypoint”' }).click();
    const command = form.getByLabel('Command', { exact: true });
    await workbench.until(async () => (await command.inputValue()) === '["/bin/sh"]');
    await form.getByRole('status').getByText('Nothing is wrong with this request.').waitFor();
    for (let undone = 0; undone < 2; undone++) await page.keyboard.press('Control+Z');
    await form.getByLabel('Target format', { exact: true }).and(form.locator('select')).waitFor();
    await workbench.until(
      async () => (await form.getByLabel('Target format', { exact: true }).inputValue()) === 'VirtualBox',
    );
    await page.keyboard.press('Control+S');
    const expected = wrong
      .replaceAll('compres>', 'compress>')
      .replace('vbox', 'VirtualBox')
      .replace('4096', '2048');
    await workbench.until(async () => (await content('minimal', 'order.xml')) === expected);
  });

  test('have check boxes that are seen in high contrast, ticked or not', async () => {
    const settings = join(window.workspace, '.vscode');
    await mkdir(settings);
    await writeFile(
      join(settings, 'settings.json'),
      JSON.stringify({ 'workbench.colorTheme': 'Default High Contrast' }),
    );
    const form = workbench.webview();
    await form.locator('body.vscode-high-contrast').waitFor();
    const look = (label: string): Promise<unknown> =>
      form.getByLabel(label, { exact: true }).evaluate((box: Drawn) => {
        const style = box.ownerDocument.defaultView.getComputedStyle(box);
        return [
          box.checked,
          style.appearance,
          style.borderTopWidth,
          style.borderTopColor,
          style.backgroundColor,
        ];
      });
    const ticked = await look('Compress to a file for download');
    const empty = await look('Always check dependencies');
    await workbench.picture('10b-high-contrast');
    await rm(settings, { recursive: true });
    await form.locator('body.vscode-light').waitFor();
    const framed = ['none', '1px', 'rgb(111, 195, 223)', 'rgb(0, 0, 0)'];
    assert.deepEqual(
      [ticked, empty],
      [
        [true, ...framed],
        [false, ...framed],
      ],
    );
  });

  test('have lists in the form: items are added, changed, moved and taken out, and undone', async () => {
    const { page } = workbench;
    const form = workbench.webview();
    const cards = form.getByRole('group', { name: 'Network cards' });
    const card = (name: string) => cards.getByRole('button', { name, exact: true });
    const before = await content('minimal', 'order.xml');
    await form.getByRole('button', { name: 'Add network card' }).focus();
    await page.keyboard.press('Enter');
    // The cursor is in the new card, which is open.
    await cards.getByLabel('IPv4', { exact: true }).and(form.locator(':focus')).waitFor();
    await form.getByRole('button', { name: 'Add network card' }).click();
    await card('Network card 2 AUTOMATIC · eth1').waitFor();
    await cards.getByLabel('Name', { exact: true }).last().fill('lan');
    await card('Network card 2 AUTOMATIC · lan').waitFor();
    await card('Move up: Network card 2').focus();
    await page.keyboard.press('Space');
    await card('Network card 1 AUTOMATIC · lan').waitFor();
    await card('Network card 2 AUTOMATIC · eth0').waitFor();
    await workbench.picture('10a-lists');
    await page.keyboard.press('Control+S');
    const orders = /lan<\/name>\s*<order>1<[^]*eth0<\/name>\s*<order>2</;
    await workbench.until(async () => orders.test(await content('minimal', 'order.xml')));
    await card('Remove: Network card 1').click();
    await card('Network card 1 AUTOMATIC · eth0').waitFor();
    assert.equal(await cards.getByRole('listitem').count(), 1);
    await page.keyboard.press('Control+Z');
    await card('Network card 1 AUTOMATIC · lan').waitFor();
    for (const left of [1, 0]) {
      await card('Remove: Network card 1').click();
      await workbench.until(async () => (await cards.getByRole('listitem').count()) === left);
    }
    await cards.getByText('not set').waitFor();
    await page.keyboard.press('Control+S');
    await workbench.until(async () => (await content('minimal', 'order.xml')) === before);
  });

  test('are checked against the server, which has everything they name', async () => {
    const form = workbench.webview();
    await form.getByRole('button', { name: 'Check against Server' }).click();
    await workbench
      .notification(/nothing is wrong, and local forge has everything it names/)
      .waitFor({ timeout: 60_000 });
    await workbench.picture('11-checked-on-the-server');
  });

  test('are new after a few questions, with packages searched for on the server', async () => {
    const { page } = workbench;
    await workbench.command('Appliance Forge: New Appliance Template');
    await workbench.answer('Name of the appliance', 'shop');
    await workbench.answer('Version of the appliance', '');
    await workbench.pick('Debian 12');
    await workbench.pick('Minimal');
    await workbench.question('Type to search for packages').waitFor({ timeout: 60_000 });
    await page.keyboard.type('nginx-l');
    await workbench.option('nginx-light').click({ timeout: 120_000 });
    await workbench.picture('12-packages');
    await page.keyboard.press('Enter');
    await workbench.question('Target formats to build images for').waitFor();
    await page.keyboard.press('Enter');
    await workbench.question('Memory of the machine').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await workbench.question('Target formats to build images for').waitFor();
    await page.keyboard.press('Enter');
    await workbench.pick('2048 MB');
    await workbench.answer('File to write', 'shop/template.yml');
    await workbench.editor.getByText('nginx-light').waitFor();
    await workbench.picture('13-new-template');
    assert.match(
      await content('shop', 'template.yml'),
      /name: shop\n[\s\S]*name: nginx-light\n[\s\S]*memory: 2048/,
    );
    await workbench.command('Appliance Forge: New Image Request');
    await workbench.pick('VirtualBox');
    await workbench.pick('1024 MB');
    await workbench.answer('File to write', '');
    await workbench.until(async () =>
      (await content('shop', 'representation.xml')).includes('<memorySize>1024<'),
    );
  });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EditorWindow } from '../../test/e2e/window.ts';

/** A request that somebody is about to send, and would have waited for in vain. */
const request = `<?xml version="1.0" encoding="UTF-8"?>
<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">
  <!-- for the shop -->
  <compress>yes</compress>
  <targetFormat>
    <name>vbox</name>
  </targetFormat>
  <installProfile>
    <memorySize>4096</memorySize>
    <diskSize>16384</diskSize>
  </installProfile>
</ns0:image>
`;

/** What the editor knows of requests: problems and fixes, completion, and the form. */
export async function picturesOfLanguage(
  { workbench, workspace }: EditorWindow,
  media: (name: string) => string,
): Promise<void> {
  const { page, editor } = workbench;
  await writeFile(join(workspace, 'minimal/shop.xml'), request);
  const file = await workbench.file('minimal', 'shop.xml');
  await file.dblclick();
  await workbench.codeLens('Check against Server').waitFor();
  await editor.getByText('= 16 GB').waitFor();
  const toggle = async (): Promise<void> => {
    await workbench.command('View: Toggle Minimap');
    await page.keyboard.press('Control+B');
  };
  await toggle();
  const clip = async (): Promise<{ x: number; y: number; width: number; height: number }> => {
    const box = await editor.boundingBox();
    if (box === null) throw new Error('There is no editor.');
    return { x: box.x, y: box.y, width: 600, height: 320 };
  };
  const take = async (name: string): Promise<void> => {
    await sleep(1000); // until nothing moves any more
    await page.screenshot({ path: media(name), clip: await clip() });
  };

  await editor.getByText('yes', { exact: true }).click();
  await page.keyboard.press('Control+.');
  await page.getByText('Fix all problems that leave no choice').waitFor();
  await take('quick-fixes');
  await page.keyboard.press('Escape');

  await workbench.command('Fix All');
  await editor.getByText('VirtualBox').waitFor();
  await editor.getByText('16384').click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('<');
  await page.locator('.suggest-widget').getByText('firewallAuto').waitFor();
  await take('completion');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.press('Delete');

  await workbench.command('Appliance Forge: Open as Form');
  const form = workbench.webview();
  await form.getByRole('button', { name: 'Add network card' }).click();
  await form.getByRole('button', { name: 'Network card 1 AUTOMATIC · eth0' }).click();
  await form.getByRole('button', { name: 'Add disk' }).click();
  await form.getByRole('button', { name: 'Add partition' }).click();
  await form.getByRole('button', { name: /^Partition 1/ }).waitFor();
  await form.getByRole('heading', { name: 'Disks' }).click();
  await sleep(1000);
  await page.screenshot({ path: media('form') });
  await page.keyboard.press('Control+S');
  await toggle();
  await workbench.command('View: Close All Editors');
}

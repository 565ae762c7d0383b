import { readdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import type { EditorWindow } from '../../test/e2e/window.ts';

/** A login prompt takes this long where QEMU has to emulate the processor. */
const bootMs = 240_000;

/** The walkthrough's own pictures: a definition in the editor, and an image that boots in the terminal. */
export async function picturesOfWalkthrough(
  window: EditorWindow,
  media: (name: string) => string,
): Promise<void> {
  const { workbench, downloads } = window;
  const { page } = workbench;
  const template = await workbench.file('nginx', 'template.yml');
  await template.dblclick();
  await page.getByText('Generate Image', { exact: true }).first().waitFor();
  await sleep(1000); // the colours come after the text
  await page.screenshot({ path: media('walkthrough/open') });

  const request = await workbench.file('minimal', 'representation.xml');
  await workbench.choose(await workbench.contextMenu(request, 'Generate Image'));
  const done = workbench.row(/^minimal 1\.0, QCOW2, Done/);
  await done.waitFor({ timeout: 600_000 });
  await (await workbench.inlineAction(done, 'Download Image')).click();
  await workbench.notification(/, verified by its/).waitFor({ timeout: 120_000 });
  const [file = ''] = await readdir(downloads);
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Terminal: Create New Terminal in Editor Area');
  await sleep(3000); // the shell's prompt
  const options = '-m 512 -nographic -snapshot';
  await page.keyboard.type(
    `cd ${downloads} && clear && qemu-system-x86_64 ${options} -drive if=virtio,file=${file}\n`,
  );
  const deadline = Date.now() + bootMs;
  const terminal = page.locator('.xterm-rows').first();
  while (!(await textOf(terminal)).includes('login:') && Date.now() < deadline) {
    await sleep(2000);
  }
  await sleep(1000);
  await page.screenshot({ path: media('walkthrough/boot') });
  await page.keyboard.press('Control+a');
  await page.keyboard.press('x'); // ends QEMU
  await workbench.command('View: Close All Editors');
}

async function textOf(locator: Locator): Promise<string> {
  return (await locator.textContent().catch(() => '')) ?? '';
}

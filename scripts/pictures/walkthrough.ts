import { setTimeout as sleep } from 'node:timers/promises';
import type { EditorWindow } from '../../test/e2e/window.ts';

/** A login prompt takes this long where QEMU has to emulate the processor. */
const bootMs = 240_000;

/** The walkthrough's own pictures: a definition in the editor, and an image that boots in the terminal. */
export async function picturesOfWalkthrough(
  window: EditorWindow,
  media: (name: string) => string,
): Promise<void> {
  const { workbench } = window;
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
  await (await workbench.inlineAction(done, 'Start Image')).click();
  await workbench.terminal('minimal login:').waitFor({ timeout: bootMs });
  await workbench.command('Notifications: Clear All Notifications');
  await sleep(1000);
  await page.screenshot({ path: media('walkthrough/boot') });
  await workbench.choose(
    await workbench.contextMenu(workbench.row(/^minimal 1\.0 · QCOW2, Running/), 'Stop Machine'),
  );
  await workbench.notification('The machine was stopped.').waitFor();
  await workbench.command('Notifications: Clear All Notifications');
  await workbench.command('Terminal: Kill All Terminals');
  await workbench.command('View: Close All Editors');
}

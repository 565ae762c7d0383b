// `npm run pictures`: takes the pictures of the README and the walkthrough anew, in real VS Code with the
// packaged extension and real builds.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EditorWindow } from '../../test/e2e/window.ts';
import { picturesOfLanguage } from './language.ts';
import { makeSmaller } from './makeSmaller.ts';
import { picturesInThemes } from './themes.ts';
import { picturesOfWalkthrough } from './walkthrough.ts';
import { root } from '../lib/root.ts';
import { runMain } from '../lib/interruption.ts';
import { packageQuietly } from '../vscode/vsix.ts';

const media = (name: string) => join(root, 'media', `${name}.png`);

await runMain(async (_args, signal) => {
  const results = join(root, 'test-results/pictures');
  await rm(results, { recursive: true, force: true });
  await mkdir(results, { recursive: true });
  process.env['E2E_RESULTS'] = results;
  process.env['E2E_VSIX'] = await packageQuietly(join(results, 'appliance-forge.vsix'), signal);
  process.env['FORGE_CACHE'] = await mkdtemp(join(results, 'cache-')); // an empty one: builds that take their time
  await using window = await EditorWindow.open(
    { 'workbench.tips.enabled': false, 'terminal.integrated.gpuAcceleration': 'off' },
    { viewport: { width: 960, height: 600 }, deviceScaleFactor: 2 },
  );
  const { workbench } = window;
  const { page } = workbench;

  await workbench.widenSideBar(180);

  const generate = async (folder: string, picture?: string) => {
    const file = await workbench.file(folder, 'representation.xml');
    const entry = await workbench.contextMenu(file, 'Generate Image');
    await entry.hover();
    if (picture) await page.screenshot({ path: picture, clip: { x: 0, y: 36, width: 640, height: 470 } });
    await workbench.choose(entry);
    await workbench.row(new RegExp(`^${folder} 1\\.0, \\w+, (Waiting|Running)`)).waitFor({ timeout: 60_000 });
  };

  await picturesOfWalkthrough(window, media);
  await picturesOfLanguage(window, media);

  await generate('nginx');
  await workbench.row(/^nginx 1\.0, VirtualBox, Running, [2-9]\d %/).waitFor({ timeout: 120_000 });
  await workbench.statusBarItem(/Generating 1 image/).hover();
  await sleep(1500); // the tooltip takes its time
  await page.screenshot({ path: media('status-bar'), clip: { x: 0, y: 500, width: 640, height: 100 } });

  await generate('minimal', media('right-click'));
  await page.mouse.move(700, 300);
  await sleep(500); // until the tooltip has gone
  await page.screenshot({ path: media('images-view'), clip: { x: 0, y: 36, width: 640, height: 200 } });

  const done = workbench.row(/^nginx 1\.0, VirtualBox, Done/);
  await done.waitFor({ timeout: 10 * 60_000 });
  await workbench.choose(await workbench.contextMenu(done, 'Show Details'));
  await sleep(4000); // until the server has answered
  await page.screenshot({ path: media('image-page') });
  await picturesInThemes(window, media);
  await makeSmaller(join(root, 'media'));
  return 0;
});

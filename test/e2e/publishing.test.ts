import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, suite, test } from 'node:test';
import { forgeDataFolder } from '../../scripts/vscode/profile.ts';
import { leaveImage } from '../forge/server/seeded.ts';
import { badWayTo, type BadWay } from '../support/badWay.ts';
import { containerArchive } from '../support/containerArchive.ts';
import { startDockerRegistry, type DockerRegistry } from '../support/dockerRegistry.ts';
import { EditorWindow } from './window.ts';
import type { Workbench } from './workbench.ts';

/** `me` with the password `let me in`. */
const htpasswd = 'me:$2b$04$9yT509EiwQqHTeezNlzjUOoXkhCgPNLgS7XJ7NJPFel/IJfsaCU7y\n';
const size = 20 * 1024 * 1024;

// An image that a forge left behind and a registry that is Debian's own: nothing is built, so this takes seconds.
suite('Publishing from the editor', { timeout: 5 * 60_000 }, () => {
  let window: EditorWindow;
  let workbench: Workbench;
  let registry: DockerRegistry;
  let way: BadWay;

  before(async () => {
    registry = await startDockerRegistry(async (own) => {
      await writeFile(join(own, 'htpasswd'), htpasswd);
      return `auth: { htpasswd: { realm: test, path: ${join(own, 'htpasswd')} } }\n`;
    });
    way = await badWayTo(registry.port);
    const { bytes } = await containerArchive(size);
    const permissions = ['clipboard-read', 'clipboard-write'];
    window = await EditorWindow.open({}, { permissions }, async (workspace) => {
      await leaveImage(
        forgeDataFolder(join(workspace, '..', 'user-data')),
        bytes,
        '{"image":{"entrypoint":"/bin/true","compress":true}}',
        { targetFormat: 'Docker', extension: 'tar', mimeType: 'application/x-tar' },
      );
    });
    workbench = window.workbench;
  });
  afterEach((context) => window.keepIfFailed(context));
  after(async () => {
    await window[Symbol.asyncDispose]();
    await way[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const image = () => workbench.row(/^left 1\.0, Docker, Done/);
  const publication = (state: RegExp) =>
    workbench.row(new RegExp(`^Publication to Docker · shop, ${state.source}`));

  test('a cloud account is added, its password in a password box', async () => {
    await workbench.activity('Appliance Forge').click();
    await workbench.command('Appliance Forge: Refresh Images');
    await image().waitFor({ timeout: 60_000 });
    await workbench.command('Appliance Forge: Add Cloud Account…');
    await workbench.answer('Platform the account is for', 'Docker');
    await workbench.answer('Name', 'shop');
    await workbench.answer('Endpoint URL', `http://127.0.0.1:${way.port}`);
    await workbench.pick('Login');
    await workbench.answer('Login', 'me');
    await workbench.pick('Password');
    const box = workbench.page.locator('.quick-input-widget input[type=password]');
    await box.waitFor();
    await box.fill('let me in');
    await box.press('Enter');
    await workbench.option('Password').filter({ hasText: '••••' }).waitFor();
    await workbench.picture('30-cloud-account');
    await workbench.pick('Add');
    await workbench.command('Appliance Forge: Focus on Cloud Accounts View');
    await workbench.row(/^Cloud account shop, Docker$/).waitFor();
    await workbench.picture('31-cloud-accounts');
  });

  test('an image is published: asked for with what is known, followed as a row, cancelled', async () => {
    const held = way.holdAt(way.sent + size / 2);
    await workbench.choose(await workbench.contextMenu(image(), 'Publish Image…'));
    await workbench.answer('Namespace', 'shop');
    await workbench.option('Repository').filter({ hasText: 'left' }).waitFor();
    await workbench.picture('32-publish');
    await workbench.pick('Publish');
    await held;
    await publication(/Running, \d+ % · /).waitFor({ timeout: 60_000 });
    await workbench.statusBarItem(/1 publication going on/).waitFor();
    await workbench.picture('33-publishing');
    const cancel = await workbench.inlineAction(publication(/Running/), 'Cancel Publication');
    await cancel.click();
    way.release();
    await publication(/Cancelled/).waitFor({ timeout: 60_000 });
  });

  test('a publication is made once more, and its name at the platform copied', async () => {
    await workbench.choose(await workbench.contextMenu(publication(/Cancelled/), 'Publish Again'));
    const done = publication(/Done, /);
    await done.waitFor({ timeout: 60_000 });
    await workbench.choose(await workbench.contextMenu(done, 'Copy Cloud ID'));
    await workbench.until(async () => {
      const copied = await workbench.page.evaluate('navigator.clipboard.readText()');
      return String(copied).endsWith('shop/left:1.0');
    });
    await workbench.picture('34-published');
    await workbench.choose(await workbench.contextMenu(image(), 'Show Details'));
    const section = workbench.webview().getByRole('region', { name: 'Publications' });
    await section
      .getByText(/shop\/left:1\.0/)
      .first()
      .waitFor();
    await section.scrollIntoViewIfNeeded();
    await workbench.picture('35-published-page');
  });

  test('one that is deleted is forgotten, and the question says what stays at the platform', async () => {
    await workbench.choose(await workbench.contextMenu(publication(/Done/), 'Delete Publication'));
    const question = workbench.modalDialog().filter({ hasText: /shop\/left:1\.0 at Docker stays/ });
    await question.waitFor();
    await workbench.picture('36-delete-publication');
    await question.getByRole('button', { name: 'Delete' }).click();
    await publication(/Done/).waitFor({ state: 'detached' });
  });

  test('a request in a file is published, too', async () => {
    const request = `<?xml version="1.0" encoding="UTF-8"?>
<ns0:publishImage xmlns:ns0="http://www.usharesoft.com/uforge" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="ns0:PublishImageDocker">
  <credAccount xsi:type="ns0:CredAccountDocker"><name>shop</name></credAccount>
  <namespace>shop</namespace>
  <repositoryName>again</repositoryName>
  <tagName>2.0</tagName>
</ns0:publishImage>
`;
    await writeFile(join(window.workspace, 'minimal', 'publish.xml'), request);
    const file = await workbench.file('minimal', 'publish.xml');
    await workbench.choose(await workbench.contextMenu(file, 'Publish Image…'));
    await workbench.pick('left 1.0 · Docker');
    await workbench.option('Repository').filter({ hasText: 'again' }).waitFor();
    await workbench.pick('Publish');
    // The view opens at its row.
    await publication(/Done, .*shop\/again:2\.0/).waitFor({ timeout: 60_000 });
  });
});

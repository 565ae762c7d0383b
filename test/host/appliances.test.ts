import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { localServer } from '../../src/tickets/clients.ts';
import { examples, extension, until } from './support.ts';

const run = async (name: string, ...args: unknown[]): Promise<unknown> =>
  vscode.commands.executeCommand(`applianceForge.${name}`, ...args);

describe('a template and the server’s appliance', () => {
  const folder = (): vscode.Uri => vscode.Uri.joinPath(examples(), 'compared');
  const template = (): vscode.Uri => vscode.Uri.joinPath(folder(), 'template.yml');
  let uri: string;

  const edit = async (file: vscode.Uri, change: (text: string) => string): Promise<void> => {
    const text = Buffer.from(await vscode.workspace.fs.readFile(file)).toString('utf8');
    await vscode.workspace.fs.writeFile(file, Buffer.from(change(text)));
  };

  before(async () => {
    await extension();
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(examples(), 'nginx'), folder());
    await edit(template(), (text) => text.replace('name: nginx', 'name: compared'));
    uri = (await run('pushAppliance', template())) as string;
    assert.match(uri, /appliances\/\d+$/);
  });
  after(() => vscode.workspace.fs.delete(folder(), { recursive: true }));

  it('have nothing that differs after a push', async () => {
    assert.deepEqual(await run('compareAppliance', template()), []);
  });

  it('show what differs in the diff editor: the template alone, or all files', async () => {
    await edit(template(), (text) => text.replace('- name: nginx', '- name: nginx\n      - name: curl'));
    assert.deepEqual(await run('compareAppliance', template()), ['template.yml']);
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab!;
    assert.ok(input instanceof vscode.TabInputTextDiff);
    const [left, right] = await Promise.all(
      [input.original, input.modified].map((side) => vscode.workspace.openTextDocument(side)),
    );
    assert.doesNotMatch(left!.getText(), /curl|password: appliance/);
    assert.equal(right!.getText().replace('      - name: curl\n', ''), left!.getText());

    await edit(vscode.Uri.joinPath(folder(), 'config/announce.sh'), (text) => `${text}# more\n`);
    assert.deepEqual(await run('compareAppliance', template()), ['template.yml', 'config/announce.sh']);
    await until(
      () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('local forge') === true,
      'the editor of all differences',
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('are the same again when the server’s is pulled into another folder', async () => {
    const pulled = vscode.Uri.joinPath(folder(), 'pulled');
    const appliance = { uri, name: 'compared', version: '1.0' };
    const file = (await run(
      'pullAppliance',
      { kind: 'serverAppliance', server: localServer, appliance },
      pulled,
    )) as vscode.Uri;
    assert.equal(file.path, `${pulled.path}/template.yml`);
    assert.deepEqual(vscode.languages.getDiagnostics(file), []);
    assert.deepEqual(await run('compareAppliance', file), []);
  });

  it('are not compared when the server has none of that name', async () => {
    await edit(template(), (text) => text.replace('name: compared', 'name: nowhere'));
    assert.equal(await run('compareAppliance', template()), undefined);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { examples, extension, until } from './support.ts';

const text = `stack:
  name: shop
  version: '1.0'
  os:
    name: CentOS
    version: '7'
    arch: x86_64
    profile: Minimal
    pkgs:
      - name: httpd
      - name: nginx
      - name: our-own-tool
`;

describe('a template for CentOS', () => {
  const uri = vscode.Uri.joinPath(examples(), 'moved', 'template.yml');
  const opened = async (): Promise<vscode.TextDocument> => vscode.workspace.openTextDocument(uri);

  before(async () => {
    await extension();
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await vscode.window.showTextDocument(await opened());
  });
  after(async () => {
    await vscode.window.showTextDocument(await opened());
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(uri, '..'), { recursive: true });
  });

  it('has a quick fix that makes it one for Debian, as a difference that is saved or undone', async () => {
    const place = new vscode.Range(4, 4, 4, 8);
    const offered = async (): Promise<vscode.CodeAction | undefined> => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        uri,
        place,
        vscode.CodeActionKind.QuickFix.value,
      );
      return actions.find(({ title }) => title === 'Move to Debian…');
    };
    let fix: vscode.CodeAction | undefined;
    await until(async () => (fix = await offered()) !== undefined, 'the quick fix');
    const { command, arguments: args = [] } = fix!.command!;

    await vscode.commands.executeCommand(command, ...(args as unknown[]));
    assert.ok((await opened()).isDirty, 'nobody has saved it');
    const { input } = vscode.window.tabGroups.activeTabGroup.activeTab!;
    assert.ok(input instanceof vscode.TabInputTextDiff, 'what has changed is shown');
    assert.equal(input.modified.toString(), uri.toString());
    const moved = (await opened()).getText();
    assert.match(moved, /name: Debian\n {4}version: '12'/);
    assert.match(moved, /- name: apache2\n {6}- name: nginx\n {6}- name: our-own-tool/);
  });

  it('has a problem for each package without a name on Debian afterwards', async () => {
    const messages = (): string[] => vscode.languages.getDiagnostics(uri).map(({ message }) => message);
    await until(() => messages().some((each) => each.includes('our-own-tool')), 'the problem', 30_000);
    assert.deepEqual(
      messages().filter((each) => !each.includes('our-own-tool')),
      [],
    );
  });
});

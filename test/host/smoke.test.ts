import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

suite('The extension in VS Code', () => {
  test('activates', async () => {
    const extension = vscode.extensions.getExtension('appliance-forge.appliance-forge');
    assert.ok(extension, 'VS Code knows the extension');
    await extension.activate();
    assert.equal(extension.isActive, true);
  });

  test('has a copy of the examples open, not the originals', async () => {
    const extension = vscode.extensions.getExtension('appliance-forge.appliance-forge');
    const folders = vscode.workspace.workspaceFolders ?? [];
    assert.deepEqual(
      folders.map((folder) => folder.name),
      ['examples'],
    );
    assert.ok(!folders[0]!.uri.fsPath.startsWith(extension!.extensionPath), folders[0]!.uri.fsPath);
    assert.notDeepEqual(await vscode.workspace.findFiles('**/representation.xml'), []);
  });
});

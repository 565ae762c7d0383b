import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { examples, extension, until } from './support.ts';

const ns = 'xmlns:ns0="http://www.usharesoft.com/uforge"';

/** Opens a text with a `|` in it in a file of the workspace, and says where the `|` was. */
async function open(name: string, marked: string): Promise<[vscode.TextDocument, vscode.Position]> {
  const uri = vscode.Uri.joinPath(examples(), 'language', name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(marked.replace('|', '')));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return [document, document.positionAt(marked.indexOf('|'))];
}

async function labels(document: vscode.TextDocument, at: vscode.Position): Promise<string[]> {
  const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at,
  );
  return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

describe('the language of definitions', () => {
  before(() => extension());
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(examples(), 'language'), { recursive: true });
  });

  it('is completed in a request of any name', async () => {
    const [document, at] = await open(
      'order.xml',
      `<ns0:image ${ns}>\n  <targetFormat><name>|</name></targetFormat>\n</ns0:image>\n`,
    );
    assert.ok((await labels(document, at)).includes('VirtualBox'));
  });

  it('is completed in a template', async () => {
    const [document, at] = await open('template.yml', 'stack:\n  name: web\n  |\n');
    const found = await labels(document, at);
    assert.ok(found.includes('version') && found.includes('installation'), found.join());
  });

  it('is explained, with its unit', async () => {
    const [document, at] = await open(
      'explain.xml',
      `<ns0:image ${ns}><installProfile><memory|Size>512</memorySize></installProfile></ns0:image>`,
    );
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    const text = hovers.flatMap(({ contents }) =>
      contents.map((each) => (each as vscode.MarkdownString).value),
    );
    assert.match(text.join('\n'), /\*\*MB\*\*/);
  });

  it('is put right all at once', async () => {
    const [document] = await open(
      'fix.xml',
      `|<image xmlns="http://www.usharesoft.com/uforge"><targetFormat><name>raw</name></targetFormat><compressed>yes</compressed></image>`,
    );
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      whole,
      vscode.CodeActionKind.SourceFixAll.value,
    );
    const [fix] = actions;
    assert.ok(fix?.edit !== undefined, 'there is a fix for all');
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(
      document.getText(),
      `<ns0:image ${ns}><compress>true</compress><targetFormat><name>Raw Virtual Disk</name></targetFormat></ns0:image>`,
    );
    await until(() => vscode.languages.getDiagnostics(document.uri).length === 0, 'no problems');
    await document.save();
  });

  it('has a line above what can be built, sizes in GB, links to files and an outline', async () => {
    const uri = vscode.Uri.joinPath(examples(), 'nginx', 'template.yml');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      uri,
      10,
    );
    assert.deepEqual(
      lenses.map(({ command, range }) => [
        document.lineAt(range.start).text.trim(),
        command?.title.replace('\u00a0', ' '),
      ]),
      [
        ['stack:', '$(package) Generate Image'],
        ['stack:', '$(beaker) Simulate'],
        ['stack:', '$(check-all) Check against Server'],
        ['- type: VirtualBox', '$(package) Generate Image for VirtualBox'],
        ['- type: VirtualBox', '$(beaker) Simulate'],
        ['- type: QCOW2', '$(package) Generate Image for QCOW2'],
        ['- type: QCOW2', '$(beaker) Simulate'],
        ['- type: Raw Virtual Disk', '$(package) Generate Image for Raw Virtual Disk'],
        ['- type: Raw Virtual Disk', '$(beaker) Simulate'],
      ],
    );
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      uri,
      whole,
    );
    assert.deepEqual(
      hints.map(({ label }) => label),
      ['= 8 GB'],
    );
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      uri,
    );
    assert.ok(links.some(({ target }) => target?.path.endsWith('/nginx/config/announce.sh')));
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['stack', 'builders', 'tests'],
    );
  });

  it('folds, and has links to what is on the server', async () => {
    const [document] = await open(
      'tags.xml',
      `<ns0:image ${ns}>\n  <parentUri>users/me/appliances/201</parentUri>\n  <install|Profile>\n    <memorySize>2048</memorySize>\n  </installProfile>\n</ns0:image>\n`,
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      document.uri,
    );
    assert.deepEqual(
      folds.map(({ start, end }) => [start, end]),
      [
        [0, 4],
        [2, 3],
      ],
    );
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const targets = links.map(({ target }) => target?.toString() ?? '');
    assert.ok(targets.includes('appliance-forge-answer:/users/me/appliances/201.xml'), targets.join());
  });

  it('is renamed in both tags', async () => {
    const [document, at] = await open('rename.xml', `<ns0:image ${ns}><com|p>true</comp></ns0:image>`);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at,
      'compress',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), `<ns0:image ${ns}><compress>true</compress></ns0:image>`);
    await document.save();
  });

  it('is formatted in the schema’s order', async () => {
    const [document] = await open(
      'format.xml',
      `|<ns0:image ${ns}><targetFormat><name>ISO</name></targetFormat><compress>true</compress></ns0:image>`,
    );
    const edits = await vscode.commands.executeCommand<vscode.TextEdit[]>(
      'vscode.executeFormatDocumentProvider',
      document.uri,
      { insertSpaces: true, tabSize: 2 },
    );
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, edits);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.match(document.getText(), /^ {2}<compress>true<\/compress>\n {2}<targetFormat>\n {4}<name>/m);
    await document.save();
  });

  it('of somebody else’s XML is left alone', async () => {
    const [document, at] = await open('pom.xml', '<project><na|</project>\n');
    assert.deepEqual(
      (await labels(document, at)).filter((label) => label === 'entrypoint'),
      [],
    );
    assert.deepEqual(vscode.languages.getDiagnostics(document.uri), []);
  });
});

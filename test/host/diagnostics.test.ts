import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { examples, until } from './support.ts';

/** `error 2:4-2:15 unknown-element`, counted from 1. */
function summary({ severity, range, code }: vscode.Diagnostic): string {
  const level = severity === vscode.DiagnosticSeverity.Error ? 'error' : 'warning';
  const place = (at: vscode.Position): string => `${at.line + 1}:${at.character + 1}`;
  return `${level} ${place(range.start)}-${place(range.end)} ${JSON.stringify(code)}`;
}

async function replaceAll(document: vscode.TextDocument, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  const whole = new vscode.Range(0, 0, document.lineCount, 0);
  edit.replace(document.uri, whole, text);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

describe('problems in definitions', () => {
  const uri = vscode.Uri.joinPath(examples(), 'minimal', 'representation.xml');
  const problems = (): vscode.Diagnostic[] => vscode.languages.getDiagnostics(uri);

  after(async () => {
    await vscode.window.showTextDocument(uri);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('a shipped example has none', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    assert.deepEqual(problems().map(summary), []);
  });

  it('are there while typing, at the place', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const text = [
      '<ns0:image xmlns:ns0="http://www.usharesoft.com/uforge">',
      '  <compressed>true</compressed>',
      '  <targetFormat><name>QCOW2</name></targetFormat>',
      '  <installProfile><memorySize>512MB</memorySize></installProfile>',
      '</ns0:image>',
      '',
    ].join('\n');
    await replaceAll(document, text);
    await until(() => problems().length >= 2, 'two problems');
    const found = problems();
    const unknown = found.find(({ range }) => range.start.line === 1);
    const value = found.find(({ range }) => range.start.line === 3);
    assert.ok(unknown !== undefined && value !== undefined, found.map(summary).join('\n'));
    assert.match(document.getText(unknown.range), /compressed/);
    assert.match(unknown.message, /compress\b/, 'the message names what was probably meant');
    assert.equal(document.getText(value.range), '512MB');
    assert.equal(value.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(value.source, 'Appliance Forge');
  });

  it('are put right by a quick fix, in the start tag and in the end tag', async () => {
    const unknown = problems().find(({ range }) => range.start.line === 1)!;
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      unknown.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title.includes('compress'));
    assert.ok(fix?.edit !== undefined, actions.map(({ title }) => title).join());
    await vscode.workspace.applyEdit(fix.edit);
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.lineAt(1).text.trim(), '<compress>true</compress>');
    await until(() => problems().every(({ range }) => range.start.line !== 1), 'the problem to go');
  });

  it('go when the text is right again', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    const right = Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
    await replaceAll(document, right);
    await until(() => problems().length === 0, 'no problems');
  });

  it('are found in a template, and somebody else’s template.yaml is left alone', async () => {
    const template = vscode.Uri.joinPath(examples(), 'minimal', 'broken', 'template.yml');
    const text = 'stack:\n  name: x\n  os: {name: Debian, version: "12", arch: x86_64}\n';
    await vscode.workspace.fs.writeFile(template, Buffer.from(text));
    const foreign = vscode.Uri.joinPath(examples(), 'minimal', 'broken', 'template.yaml');
    await vscode.workspace.fs.writeFile(
      foreign,
      Buffer.from('AWSTemplateFormatVersion: 2010-09-09\nResources: {}\n'),
    );
    await vscode.window.showTextDocument(foreign);
    await vscode.window.showTextDocument(template);
    await until(() => vscode.languages.getDiagnostics(template).length > 0, 'a problem: no version');
    assert.match(vscode.languages.getDiagnostics(template)[0]!.message, /version/);
    assert.deepEqual(vscode.languages.getDiagnostics(foreign), []);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(template, '..'), { recursive: true });
  });
});

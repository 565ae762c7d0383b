import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { differenceEdit, rangeOf, toEdit } from '../../src/editor/definitions/ranges.ts';

describe('the edit that makes one text another', () => {
  const made = async (before: string, after: string): Promise<[text: string, edit?: vscode.TextEdit]> => {
    const document = await vscode.workspace.openTextDocument({ content: before });
    const edit = differenceEdit(document, after);
    if (edit === undefined) return [document.getText()];
    const edits = new vscode.WorkspaceEdit();
    edits.set(document.uri, [edit]);
    assert.ok(await vscode.workspace.applyEdit(edits));
    return [document.getText(), edit];
  };
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('is none for the same text', async () => {
    assert.deepEqual(await made('same\n', 'same\n'), ['same\n']);
  });

  it('replaces what differs and nothing else, where the same signs come again and again, too', async () => {
    for (const [before, after, newText] of [
      ['name: a\nsize: 1\n', 'name: a\nsize: 2\n', '2'],
      ['aaa', 'aaaa', 'a'],
      ['aaaa', 'aaa', ''],
      ['abab', 'ab', ''],
      ['', 'all of it', 'all of it'],
      ['all of it', '', ''],
      ['x', 'y', 'y'],
      ['<a/>\n<a/>\n', '<a/>\n<b/>\n<a/>\n', 'b/>\n<'],
    ] as const) {
      const [text, edit] = await made(before, after);
      assert.deepEqual([text, edit?.newText], [after, newText], `${before} → ${after}`);
    }
  });

  it('has the place of a piece of the text', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'one\ntwo\n' });
    const { start, end } = rangeOf(document, { from: 4, to: 7 });
    assert.equal(document.getText(toEdit({ range: { start, end }, newText: '' }).range), 'two');
  });
});

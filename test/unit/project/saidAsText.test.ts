import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { complaints } from './complaints.ts';

/** Each way to tell something past the door that tells it as text, and the door. */
const refused: readonly (readonly [room: string, door: string | undefined, code: string])[] = [
  ['editor', 'messages.ts', 'vscode.window.showInformationMessage(name);'],
  ['editor', 'messages.ts', 'vscode.window.showWarningMessage(name);'],
  ['editor', 'messages.ts', 'const show = vscode.window.showErrorMessage; show(name);'],
  ['editor', 'messages.ts', 'const { showErrorMessage } = vscode.window; showErrorMessage(name);'],
  ['editor', 'messages.ts', 'vscode.window.setStatusBarMessage(name);'],
  ['editor', 'progress.ts', 'vscode.window.withProgress({ title: name }, work);'],
  ['editor', 'inputs.ts', 'vscode.window.showQuickPick([{ label: name }]);'],
  ['editor', 'inputs.ts', 'vscode.window.createQuickPick();'],
  ['editor', 'inputs.ts', 'vscode.window.showInputBox({ prompt: name });'],
  ['editor', 'inputs.ts', 'vscode.window.createInputBox();'],
  ['editor', 'inputs.ts', 'pick.items = [{ label: name }];'],
  ['editor', 'inputs.ts', 'input.validationMessage = name;'],
  ['editor', 'inputs.ts', 'input.prompt = name;'],
  ['editor', 'markdown.ts', 'const text = new vscode.MarkdownString(name); show(text);'],
  ['editor', 'markdown.ts', 'text.appendMarkdown(name);'],
  ['editor', undefined, 'text.isTrusted = true;'],
  ['editor', undefined, 'text.supportHtml = true;'],
  ['editor', 'webview.ts', 'panel.webview.html = name;'],
  ['webview', 'ticketPage.ts', 'element.innerHTML = name;'],
  ['cli', 'terminal.ts', 'process.stdout.write(name);'],
];

const allowed: readonly (readonly [room: string, code: string])[] = [
  ['editor', 'inform(name);'],
  ['editor', 'await withProgress(name, work);'],
  ['editor', 'pick.items = shownItems([{ label: name }]);'],
  ['editor', 'input.validationMessage = messageText(name);'],
  ['editor', 'input.validationMessage = message && messageText(message);'],
  ['editor', 'if (vscode.workspace.isTrusted) show(markdown(name));'],
  ['webview', 'element.textContent = name;'],
  ['cli', 'terminal.line(name);'],
];

suite('What others have written is told as text: lint', () => {
  for (const [room, door, code] of refused) {
    test(`refuses in src/${room}: ${code}`, async () => {
      assert.equal((await complaints(`src/${room}/any/file.ts`, code)).length, 1);
      if (door !== undefined) assert.deepEqual(await complaints(`src/${room}/${door}`, code), []);
      if (room === 'editor') assert.equal((await complaints('src/extension.ts', code)).length, 1);
    });
  }

  for (const [room, code] of allowed) {
    test(`takes in src/${room}: ${code}`, async () => {
      assert.deepEqual(await complaints(`src/${room}/any/file.ts`, code), []);
    });
  }
});

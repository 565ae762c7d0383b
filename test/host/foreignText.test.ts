import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { AgentHost } from '../../src/agents/host.ts';
import { tooltipOf } from '../../src/editor/images/list/tooltip.ts';
import { shownItems } from '../../src/editor/inputs.ts';
import { plainMarkdown } from '../../src/editor/markdown.ts';
import { GenerateTerminal } from '../../src/editor/tasks/terminal.ts';
import { ticket } from '../unit/tickets/support.ts';
import { examples } from './support.ts';

const hostile =
  '[Show the report](command:workbench.action.closeAllEditors) https://evil.example <b>x</b> $(check)';

/** As VS Code's own Markdown extension makes HTML of it, with what it finds links in. */
async function rendered({ value }: vscode.MarkdownString): Promise<string> {
  return vscode.commands.executeCommand<string>('markdown.api.render', value);
}

/** What is left to read of HTML. */
function read(html: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(lt|gt|amp|quot);/g, (_, name: string) => entities[name] ?? '');
}

describe('What others have written', () => {
  it('is text in a row’s tooltip: the appliance’s name, the error and everything in the table', async () => {
    const shown = tooltipOf(
      ticket({
        applianceName: hostile,
        targetFormat: hostile,
        state: 'failed',
        message: hostile,
        errorMessage: `${hostile}\n\n${hostile}`,
        fileName: `a | ${hostile}`,
      }),
      hostile,
      0,
    );
    assert.ok(!shown.isTrusted && !shown.supportHtml);
    const html = await rendered(shown);
    assert.doesNotMatch(html, /<a |<img|<b>/);
    assert.equal(html.match(/<table/g)?.length, 1);
    assert.equal(read(html).split(hostile).length - 1, 7, 'it can be read wherever it stands');
    assert.equal(shown.value.match(/\$\(/g)?.length, 1, 'the only icon is ours');
  });

  it('is text in what an agent’s tool asks', async () => {
    const html = await rendered(plainMarkdown(`Build an image from ${hostile}?`));
    assert.doesNotMatch(html, /<a |<b>/);
    assert.equal(read(html).trim(), `Build an image from ${hostile}?`);
  });

  it('is text in a list, and what a row stands for is what was written', () => {
    const [item] = shownItems([{ label: hostile, description: hostile, detail: hostile, name: hostile }]);
    for (const said of [item?.label, item?.description, item?.detail]) {
      assert.doesNotMatch(said ?? '', /\$\(|\]\(|:\/\//);
    }
    assert.equal(item?.name, hostile);
  });

  it('gives the terminal of a task no orders', async () => {
    const order = '\x1b]0;owned\x07\x1b[8m\x9d52;c;cm0=\x9c\rover';
    const host = { release: () => Promise.reject(new Error(order)) } as unknown as AgentHost;
    const folder = { uri: examples(), name: 'examples', index: 0 };
    const definition = { type: 'applianceForge', task: 'generate', file: 'minimal/template.yml' } as const;
    const terminal = new GenerateTerminal(definition, folder, host);
    let written = '';
    terminal.onDidWrite((text) => (written += text));
    const ended = new Promise((resolve) => terminal.onDidClose(resolve));
    terminal.open();
    await ended;
    assert.match(written, /␛\]0;owned␇␛\[8m/);
    assert.doesNotMatch(written.replaceAll('\r\n', ''), /\p{Cc}/u);
  });
});

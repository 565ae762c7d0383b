import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { escapeHtml } from '../../../src/editor/escapeHtml.ts';
import { labelText, markdownText, messageText } from '../../../src/editor/foreignText.ts';
import { ticketHtml, type TicketPageContent } from '../../../src/editor/images/ticketPage/ticketHtml.ts';

/** What VS Code makes links and icons of: src/vs/base/common/linkedText.ts and iconLabels.ts, 1.139. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const icon = /(\\)?\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;
/** What Markdown makes a link of besides. */
const bareLink = /(https?|ftp|command|vscode):\/\/|www\.|[\w.+-]+@[\w-]+\.\w/i;

const hostile = [
  '[Show the report](command:workbench.action.closeAllEditors)',
  '[Show\nthe report](command:workbench.action.closeAllEditors "Open")',
  '[a](https://evil.example/) [b](file:///etc/passwd) [c](vscode://x.y/z)',
  '[[a]](command:x) ](command:y) []](command:z)',
  '[a][b]\n\n[b]: https://evil.example/',
  '<https://evil.example> <command:x> https://evil.example www.evil.example a@evil.example',
  '![x](https://evil.example/x.png) <img src="https://evil.example/x.png"> <b onclick=x>',
  '$(check) done $(sync~spin) \\$(error) $$(x)',
  '**bold** _x_ `code` ~~x~~ | a | b |\n|--|--|\n# head\n- item\n1. item\n    code\n> quote\n---\n```\nx',
  '&#91;a&#93;(command:x) &lsqb; &amp;',
];

suite('Foreign text in VS Code', () => {
  test('makes the links it is tried with, were it not taken apart', () => {
    assert.match(hostile.join(), link);
    assert.match(hostile.join(), icon);
    assert.match(hostile.join(), bareLink);
  });

  for (const text of hostile) {
    test(`is text in a message, a label and Markdown: ${JSON.stringify(text)}`, () => {
      // VS Code joins the lines of a message before it looks for links.
      assert.doesNotMatch(messageText(text).replace(/\n/g, ' '), link);
      const label = labelText(text);
      for (const sign of [link, icon, bareLink, /\n/]) assert.doesNotMatch(label, sign);
      assert.equal(labelText(label), label, 'the same when it is shown again');
      const words = markdownText(text).replaceAll(/&#\d+;/g, 'x');
      assert.doesNotMatch(words, /[!-/:-@[-`{-~]|\n\s*\n|^ | {3}|\t/m);
    });
  }

  test('looks as it was written', () => {
    for (const text of hostile) {
      assert.equal(messageText(text).replaceAll('\u200b', ''), text);
      assert.equal(labelText(text).replaceAll('\u200b', ''), text.replaceAll('\n', ' '));
      const decoded = markdownText(text).replaceAll(/&#(\d+);/g, (_, code) =>
        String.fromCharCode(Number(code)),
      );
      assert.equal(decoded.replaceAll(/\s+/g, ' '), text.replaceAll(/\s+/g, ' '));
    }
  });

  test('is left alone where it is harmless', () => {
    const plain = 'nginx 1.0 (web) [stable] for VirtualBox: 62 % – “ok”, $5, c:/x, größer';
    assert.equal(messageText(plain), plain);
    assert.equal(labelText(plain), plain);
    const address = 'An address like https://uforge.example.com/api';
    assert.equal(messageText(address), address, 'an address in a message can be copied');
  });

  test('can neither hide nor turn round what stands beside it', () => {
    const text = `\x1b[8m${String.fromCharCode(0x202e)}x`;
    assert.equal(messageText(text), '␛[8m\\u202ex');
    assert.equal(labelText(text), '␛[8m\\u202ex');
    assert.equal(escapeHtml(text), '␛[8m\\u202ex');
  });
});

suite('Foreign text on a ticket’s page', () => {
  test('makes no element and no attribute, wherever it stands', () => {
    const evil = `"'><img src=x onerror=alert(1)></pre><script>x</script>`;
    const content = (text: string): TicketPageContent => ({
      title: text,
      subtitle: text,
      state: { name: 'failed', label: text, mark: '✗' },
      percentage: 1,
      error: { message: text, detail: text },
      actions: [{ command: text, label: text, primary: true }],
      stages: [{ name: text, duration: text, from: 0, share: 1, state: 'ended' }],
      sections: [
        { title: text, rows: [[text, text]], text },
        { title: text, none: text },
      ],
      words: { stages: text, progress: text, actions: text, more: text, noStages: text },
    });
    const tags = (html: string): readonly string[] => html.match(/<[^>]*>/g) ?? [];
    const shape = (html: string): readonly string[] => tags(html).map((tag) => tag.replace(/"[^"]*"/g, '""'));
    assert.deepEqual(shape(ticketHtml(content(evil))), shape(ticketHtml(content('plain'))));
  });
});

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { visibleLine, visibleText } from '../../../src/uforge/visibleText.ts';

const rightToLeft = String.fromCharCode(0x202e);

suite('A text of somebody else’s, made visible', () => {
  const orders: readonly (readonly [what: string, text: string, shown: string])[] = [
    ['a title (OSC 0)', '\x1b]0;owned\x07', '␛]0;owned␇'],
    ['the clipboard (OSC 52)', '\x1b]52;c;cm0gLXJmIC8=\x07', '␛]52;c;cm0gLXJmIC8=␇'],
    ['a link (OSC 8)', '\x1b]8;;https://evil.example\x1b\\here', '␛]8;;https://evil.example␛\\here'],
    ['hidden letters (SGR 8)', '\x1b[8mhidden\x1b[0m', '␛[8mhidden␛[0m'],
    ['a move of the cursor', 'failed\x1b[1A\x1b[2Kdone', 'failed␛[1A␛[2Kdone'],
    ['device control (DCS) and APC', '\x1bPq\x1b\\ \x1b_G\x1b\\', '␛Pq␛\\ ␛_G␛\\'],
    ['the same in one byte (C1)', '\x9b8mhidden\x9d0;owned\x9c', '\\u009b8mhidden\\u009d0;owned\\u009c'],
    ['letters taken back', 'failed\b\b\b\b\b\bdone', 'failed␈␈␈␈␈␈done'],
    ['a line written over', 'failed\rdone', 'failed\ndone'],
    ['a direction turned round', `${rightToLeft}enod`, '\\u202eenod'],
    ['letters without a shape', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
    ['a line break of another kind', 'a\u2028b\x85c', 'a\\u2028b\\u0085c'],
  ];
  for (const [what, text, shown] of orders) {
    test(`shows ${what} instead of obeying`, () => {
      assert.equal(visibleText(text), shown);
    });
  }

  test('leaves lines, tabs and every script alone', () => {
    const text = 'Größe\tダウンロード 🚀 👩‍💻\nשלום مرحبا — “ok” <b> & \\ $(x)\n';
    assert.equal(visibleText(text), text);
    assert.equal(visibleText('a\r\nb\r\n'), 'a\nb\n');
  });

  test('holds no control character whatever goes in, and is itself when it goes in again', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).join('');
    const shown = visibleText(all);
    assert.doesNotMatch(shown, /(?![\t\n])[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
    assert.equal(visibleText(shown), shown);
  });

  test('leaves a JSON text the value it is', () => {
    const value = { message: `\x1b[8m\x7f\x9b${rightToLeft}\u{e0041}\r\n"\\` };
    const line = visibleText(JSON.stringify(value));
    assert.deepEqual(JSON.parse(line), value);
    assert.doesNotMatch(line, /\p{Cc}|\p{Bidi_Control}/u);
  });

  test('is one line where one is wanted', () => {
    assert.equal(visibleLine('a\r\nb\nc'), 'a b c');
  });
});

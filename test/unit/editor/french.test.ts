import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

type Texts = Readonly<Record<string, string>>;

async function read(path: string): Promise<Texts> {
  return JSON.parse(await readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')) as Texts;
}

/** What must be the same in every language: placeholders, links to commands, what is code. */
function fixed(text: string): readonly string[] {
  return [...text.matchAll(/\{\d\}|\]\([^)]*\)|`[^`]+`/g)].map(([each]) => each).sort();
}

describe('the French interface', () => {
  for (const [english, french] of [
    ['package.nls.json', 'package.nls.fr.json'],
    ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.fr.json'],
  ] as const) {
    it(`has in ${french} every text of ${english}, and no other`, async () => {
      const [texts, translated] = [await read(english), await read(french)];
      const missing = Object.entries(texts).filter(([key]) => !(key in translated));
      assert.deepEqual(Object.fromEntries(missing), {}, 'these have no French yet');
      const stale = Object.keys(translated).filter((key) => !(key in texts));
      assert.deepEqual(stale, [], 'nobody says these any more');
    });

    it(`keeps placeholders, links and code in ${french}`, async () => {
      const [texts, translated] = [await read(english), await read(french)];
      for (const [key, text] of Object.entries(texts)) {
        assert.deepEqual(fixed(translated[key] ?? ''), fixed(text), key);
      }
    });

    it(`puts no breaking space before a colon in ${french}`, async () => {
      const wrong = Object.values(await read(french)).filter((text) => / [:;?!»]/.test(text));
      assert.deepEqual(wrong, []);
    });
  }
});

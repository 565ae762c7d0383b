import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Problem } from '../../../src/appliance/text/problem.ts';
import { kindOfText } from '../../../src/appliance/find/kindOfText.ts';
import { checkText } from '../../../src/appliance/language/problemsInText.ts';
import { fixAll } from '../../../src/appliance/text/edits.ts';

/**
 * Mutations of each document. 1,000 are what is promised and take minutes, so `npm test` looks at the first few of
 * the same sequence; `FIX_ALL_MUTATIONS=1000` at all of them.
 */
const mutationsEach = Number(process.env['FIX_ALL_MUTATIONS'] ?? 12);

const corpus = join(import.meta.dirname, '../../corpus');
const files = ['right', 'wrong'].flatMap((folder) =>
  readdirSync(join(corpus, folder)).map((name) => join(corpus, folder, name)),
);

/** Numbers below a limit, the same ones for the same seed (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** What people do to a text: a slip in a word, another value, a line twice, gone or elsewhere. */
function mutated(text: string, below: (limit: number) => number): string {
  const lines = text.split('\n');
  const at = below(lines.length);
  const line = lines[at] ?? '';
  const words = [...line.matchAll(/[\w.-]+/g)];
  const word = words[below(Math.max(words.length, 1))];
  const replaced = (by: string): string =>
    word === undefined ? line : line.slice(0, word.index) + by + line.slice(word.index + word[0].length);
  const [letters = ''] = word ?? [];
  const place = below(Math.max(letters.length, 1));
  const values = ['8GB', 'yes', '', '-1', '""', 'azerty', 'true', '1.10', 'sdi', 'Paris', 'null', '[]', '{}'];
  const edits: readonly (() => string | undefined)[] = [
    () => replaced(letters.slice(0, place) + letters.slice(place + 1)),
    () => replaced(letters.slice(0, place) + 'x' + letters.slice(place)),
    () => replaced(letters.slice(0, place) + letters.slice(place + 2)),
    () => replaced(letters.toUpperCase()),
    () => replaced(values[below(values.length)] ?? ''),
    () => line.replace(/([:>]\s*)[^<\s][^<]*/, `$1${values[below(values.length)] ?? ''}`),
    () => `${line}\n${line}`,
    () => undefined,
    () => `${lines[below(lines.length)] ?? ''}\n${line}`,
    () => ` ${line}`,
  ];
  const changed = edits[below(edits.length)]?.();
  return [...lines.slice(0, at), ...(changed === undefined ? [] : [changed]), ...lines.slice(at + 1)].join(
    '\n',
  );
}

function kindsIn(problems: readonly Problem[]): ReadonlySet<string> {
  return new Set(problems.map(({ code }) => code));
}

suite('Fix All makes no document worse', () => {
  for (const file of files) {
    test(file.slice(corpus.length + 1), () => {
      const text = readFileSync(file, 'utf8');
      const path = file.endsWith('.xml') ? '/representation.xml' : file;
      const kind = kindOfText(path, text) ?? 'representation';
      const check = (each: string): readonly Problem[] => checkText(kind, path, each).problems;
      const below = numbers(1);
      const texts = [text];
      // Each twice: one slip hides another.
      for (let index = 0; index < mutationsEach; index++) {
        const once = mutated(text, below);
        texts.push(index % 2 === 0 ? once : mutated(once, below));
      }
      for (const each of texts) {
        const before = kindsIn(check(each));
        const fixed = fixAll(each, check);
        if (fixed === each) continue;
        const after = check(fixed);
        if (!before.has('not-well-formed')) {
          assert.ok(!kindsIn(after).has('not-well-formed'), `no longer well-formed:\n${each}\n→\n${fixed}`);
        }
        assert.equal(fixAll(fixed, check), fixed, `there is an end to it:\n${each}`);
        const added = after.filter(({ code }) => !before.has(code));
        assert.deepEqual(added, [], `a new kind of problem:\n${each}\n→\n${fixed}`);
      }
    });
  }
});

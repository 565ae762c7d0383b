import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { outlineOf } from '../../../src/appliance/language/outline.ts';
import { parseRepresentation } from '../../../src/appliance/representation.ts';

/** What is read anew is the same whatever was read before; a text like no other makes sure that nothing is known. */
function readAlone(text: string): unknown {
  for (let i = 0; i < 3; i++) parseRepresentation(`${'x'.repeat(5000)}${i}`);
  return whatIsRead(text);
}

function whatIsRead(text: string): unknown {
  return [parseRepresentation(text), outlineOf('representation', text)];
}

const pieces = [
  ...['<', '>', '/', '</', '/>', '<!--', '-->', '<![CDATA[', ']]>', '<?', '&', '"', 'x', '\n'],
  ...[
    '<user>',
    '</user>',
    '</users>',
    '<name>',
    '</name>',
    '</ns0:image>',
    'xmlns="a"',
    '<a b="',
    '<users/>',
  ],
];

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.constantFrom(0, 0, 0, 1, 5, 60),
  insert: fc.constantFrom(...pieces),
});

test('a request that is typed in reads, after every key, as if it had never been another', async () => {
  const full = await readFile('test/corpus/right/generate-full.xml', 'utf8');
  const user = '<user>\n  <name>me</name><!-- me --><fullName>M &amp; E</fullName>\n</user>\n';
  const start = full.replace('<installProfile>', `<installProfile><users>${user.repeat(60)}</users>`);
  assert.ok(start.length > 4096 && start !== full);
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 8 }), (edits) => {
      let text = start;
      whatIsRead(text);
      const typed = edits.map(({ at, length, insert }) => {
        const from = Math.floor(at * text.length);
        text = text.slice(0, from) + insert + text.slice(from + length);
        return { text, read: whatIsRead(text) };
      });
      for (const { text: each, read } of typed) assert.deepEqual(read, readAlone(each));
    }),
    { numRuns: 60 },
  );
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DataDocument } from '../../../src/appliance/yaml/dataTree.ts';
import { outlineOf } from '../../../src/appliance/language/outline.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { BlocksOf, NotInBlocks } from '../../../src/appliance/yaml/blocks.ts';
import { readWhole } from '../../../src/appliance/yaml/tree.ts';

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

/** Texts of an appliance with what YAML has to offer, read in blocks of three lines. */
const entries = [
  [
    '- name: web',
    '  version: "1.0" # a comment',
    '  files:',
    '  - name: a',
    '    source: |',
    '      x',
    '',
    '      y: z',
  ],
  ['- name: "b: c"', '  note: one', '    two', '    three', '  "files": [a, {b: c}]'],
  ['# about this one', '-   name: d', '    destination:', '', '', "      'quoted': ''"],
  ['- - a', '  - b: c', '    d: e'],
  ['- plain', '- {flow: [x,', '     y]}', '-', '  late: true'],
];
const block = fc
  .array(fc.constantFrom(...entries), { minLength: 1, maxLength: 9 })
  .map((parts) => parts.flat().map((line) => (line === '' ? '' : `    ${line}`)));
const template = fc
  .tuple(block, block, fc.constantFrom('\n', '\r\n'), fc.constantFrom(0, 2))
  .map(([a, b, newLine, dedent]) =>
    [
      'stack:',
      '  name: x',
      '  bundles:',
      ...a.map((line) => line.slice(dedent)),
      '# half',
      '  os:',
      '    name: y',
      '    pkgs:',
      ...b,
      'builders: []',
      '',
    ].join(newLine),
  );
const typed = fc.constantFrom(
  'x',
  '-',
  ':',
  '"',
  "'",
  '[',
  '}',
  '#',
  ' ',
  '\n',
  '    ',
  'name: y\n',
  '- x\n',
  '|',
  '&a',
  '?',
);

function readInBlocks(text: string): DataDocument {
  try {
    return new BlocksOf(text, readWhole, 3).read();
  } catch (error) {
    if (!(error instanceof NotInBlocks)) throw error;
    return readWhole(text);
  }
}

test('a long template that is read block by block is what it is when read at once', () => {
  fc.assert(
    fc.property(
      template,
      fc.array(fc.record({ at: fc.nat(), insert: typed, length: fc.constantFrom(0, 0, 1, 9) }), {
        maxLength: 4,
      }),
      (start, edits) => {
        let text = start;
        for (const { at, insert, length } of [{ at: 0, insert: '', length: 0 }, ...edits]) {
          const from = at % text.length;
          text = text.slice(0, from) + insert + text.slice(from + length);
          const [whole, inBlocks] = [readWhole(text), readInBlocks(text)];
          if (whole.errors.length === 0) assert.deepEqual(inBlocks, whole, text);
          else assert.ok(inBlocks.errors.length > 0, `there is an error: ${text}`);
        }
      },
    ),
    { numRuns: 150 },
  );
});

/** Texts the property above has found. */
const found: readonly {
  readonly what: string;
  readonly text: string;
  readonly message: RegExp | undefined;
}[] = [
  {
    what: 'a key of no name behind a list',
    text: 'stack:\n  bundles:\n    - name: web\n      files:\n      - name: a\n      : |\n          x\n    - name: b\n',
    message: undefined,
  },
  {
    what: 'a quotation mark doubled at the end, and something further left',
    text: "stack:\n  bundles:\n    - name: d\n      destination:\n        'x''\n  os:\n    name: y\n",
    message: /Missing closing 'quote/,
  },
  {
    what: 'a quotation mark escaped at the end, and something further left',
    text: 'stack:\n  bundles:\n    - name: d\n      destination:\n        "x\\"\n  os:\n    name: y\n',
    message: /Missing closing "quote/,
  },
];
for (const { what, text, message } of found) {
  test(`${what} is the same in blocks and at once`, () => {
    for (const { errors } of [readWhole(text), readInBlocks(text)]) {
      if (message === undefined) assert.deepEqual(errors, []);
      else
        assert.ok(
          errors.some((error) => message.test(error.message)),
          JSON.stringify(errors),
        );
    }
    if (message === undefined) assert.deepEqual(readInBlocks(text), readWhole(text));
  });
}

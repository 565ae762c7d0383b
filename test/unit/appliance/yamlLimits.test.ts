import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { outlineOf } from '../../../src/appliance/language/outline.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { beyondLimits } from '../../../src/appliance/yaml/limits.ts';

const head =
  "stack:\n  name: a\n  version: '1'\n  os: { name: Debian, version: '12', arch: amd64, profile: Minimal }\n";
const each = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

/** A template's only problem, and where it is, counted from 1. */
function refused(text: string): string {
  const [problem, ...more] = parseTemplate(text, 'yaml').problems;
  assert.deepEqual(more, []);
  assert.equal(problem?.code, 'too-large');
  const { line, character } = problem.range.start;
  return `${line + 1}:${character + 1} ${problem.message}`;
}

suite('a template with more in it than is read is refused in a sentence, with the place', () => {
  const hostile: readonly (readonly [name: string, text: string, says: string])[] = [
    [
      '50,000 anchors',
      `${head}x:\n${each(50_000, (i) => `  - &a${i} v\n`)}`,
      '1006:5 The template has more than 1000 anchors.',
    ],
    [
      '300,000 keys in braces',
      `${head}x: { ${each(300_000, (i) => `k${i}: 1, `)} }\n`,
      '5:538816 The template holds more than 200000 keys, values and marks.',
    ],
    [
      '300,000 keys',
      `${head}${each(300_000, (i) => `k${i}: 1\n`)}`,
      '50001:10 The template has more than 50000 lines.',
    ],
    [
      'aliases of aliases',
      `${head}a0: &a0 [1]\n${each(900, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`)}`,
      '506:14 The template has more than 1000 aliases.',
    ],
    [
      '3.9 MB of blank lines',
      `${head}${'\n'.repeat(3_900_000)}x: 1\n`,
      '50001:1 The template has more than 50000 lines.',
    ],
    ['comments', `${head}${'# c\n'.repeat(60_000)}`, '50001:4 The template has more than 50000 lines.'],
    ['brackets', `${head}x: ${'['.repeat(100)}`, '5:103 The template is nested more than 100 deep.'],
    ['dashes', `${head}x:\n  ${'- '.repeat(100)}1\n`, '6:201 The template is nested more than 100 deep.'],
    [
      'lines',
      `${head}${each(101, (i) => `${' '.repeat(i)}a:\n`)}`,
      '105:101 The template is nested more than 100 deep.',
    ],
    ['4 MB', `${head}x: ${'a'.repeat(4 * 1024 * 1024)}`, '1:1 The template is larger than 4 MB.'],
  ];
  for (const [name, text, says] of hostile) {
    test(name, () => {
      assert.equal(refused(text), says);
      assert.deepEqual(outlineOf('template', text).entries, [], 'an editor reads none of it either');
    });
  }

  test('JSON likewise', () => {
    const { problems } = parseTemplate(`{ "a": ${'['.repeat(200)}${']'.repeat(200)} }`, 'json');
    assert.deepEqual(
      problems.map(({ message }) => message),
      ['The template is nested more than 100 deep.'],
    );
  });
});

suite('a template a person or a program writes is within the limits', () => {
  test('with thousands of packages', () => {
    const line = (i: number): string => `{ name: package${i}, version: '1.2.3', release: '1', arch: amd64 }`;
    const text = head.replace(' }', `, pkgs: [ ${each(5000, (i) => `${line(i)}, `)} ] }`);
    assert.deepEqual(parseTemplate(text, 'yaml').problems, []);
  });

  test('with a text full of what would be marks elsewhere', () => {
    const prose = `    - [a]: {b}, 'c' & *d* !e "f" | > # % ? \n`.repeat(10_000);
    assert.equal(beyondLimits(`${head}  description: |\n${prose}`), undefined);
    assert.equal(beyondLimits(`${head}x: "${'&*[{'.repeat(1000)}"\n`), undefined);
  });
});

suite('of more than a hundred mistakes a hundred are told', () => {
  const kinds = {
    'not YAML': ' }]\n'.repeat(5000),
    'unknown keys': head + each(500, (i) => `key${i}: 1\n`),
    'wrong values': `${head}  installation:\n    users:\n${each(400, () => '      - 1\n')}`,
  };
  for (const [name, text] of Object.entries(kinds)) {
    test(name, () => assert.equal(parseTemplate(text, 'yaml').problems.length, 100));
  }

  test('and of a request, which is read no further', () => {
    const request = `<u:image xmlns:u="http://www.usharesoft.com/uforge">${'<a/>'.repeat(500)}</u:image>`;
    const { problems } = parseRepresentation(request);
    assert.equal(problems.length, 101);
    assert.equal(
      problems.find(({ code }) => code === 'too-many')?.message,
      'Mend these 100 errors first: what comes behind them is not read.',
    );
    const unbound = parseRepresentation(request.replaceAll('<a/>', '<x:a/>'));
    assert.equal(unbound.problems.length, 101);
  });

  test('a “<” in an attribute is one, at its place', () => {
    const { problems } = parseRepresentation('<image\n name="a<<<"/>');
    const problem = problems.find(({ code }) => code === 'not-well-formed');
    assert.equal(problem?.message, 'Not well-formed XML: "<" must be written &lt;.');
    assert.deepEqual(problem.range.start, { line: 1, character: 8 });
  });
});

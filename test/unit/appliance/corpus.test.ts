import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Problem, Range } from '../../../src/appliance/text/problem.ts';
import { kindOfText } from '../../../src/appliance/find/kindOfText.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';
import { templateLanguageOf } from '../../../src/appliance/find/definitions.ts';
import { templateTypes, type TemplateRow } from '../../../src/appliance/template/model/types.ts';
import { applyEdits } from '../../../src/appliance/text/edits.ts';
import { concreteSubtypes } from '../../../src/uforge/schema/table.ts';

const corpus = join(import.meta.dirname, '../../corpus');
const update = process.env['UPDATE_CORPUS'] === '1';

/** Everything a wrong document must give, as `expected.json` has it: places count from 1. */
interface Expected {
  readonly problems: readonly string[];
  /** The text after the first fix of every problem, those that are a choice included. */
  readonly fixed: string;
}

function check(file: string, text: string): readonly Problem[] {
  const kind = kindOfText(file.endsWith('.xml') ? '/representation.xml' : `/${file}`, text);
  if (kind === 'representation') return parseRepresentation(text).problems;
  return parseTemplate(text, templateLanguageOf(file) ?? 'yaml').problems;
}

function shown({ range, severity, code, message, fixes = [] }: Problem): string {
  const place = ({ start, end }: Range): string =>
    `${start.line + 1}:${start.character + 1}-${end.line + 1}:${end.character + 1}`;
  const titles = fixes.map(({ title }) => `[${title}]`).join(' ');
  return `${place(range)} ${severity} ${code}: ${message} ${titles}`.trimEnd();
}

/** As a person who takes the first way out every time, one problem after the other. */
function fixedByHand(file: string, text: string): string {
  let current = text;
  for (let round = 0; round < 30; round++) {
    const problem = check(file, current).find(({ fixes }) => fixes !== undefined);
    if (problem === undefined) break;
    current = applyEdits(current, problem.fixes?.[0]?.edits ?? []);
  }
  return current;
}

test('the table of the documentation’s samples names files that are there', () => {
  const table = readFileSync(join(corpus, 'README.md'), 'utf8');
  const named = [...table.matchAll(/\b(?:right|wrong)\/[\w.-]+\.(?:xml|yml|json)\b/g)].map(([file]) => file);
  assert.ok(named.length > 30);
  assert.deepEqual(
    named.filter((file) => !existsSync(join(corpus, file))),
    [],
  );
});

suite('every kind of an object that has kinds', () => {
  for (const abstract of ['PublishImage', 'CredAccount', 'Instance'] as const) {
    test(`${abstract} is in the corpus, right and wrong`, () => {
      const own =
        abstract === 'Instance'
          ? concreteSubtypes(abstract).filter((name) => name !== abstract)
          : concreteSubtypes(abstract);
      const inFolder = (folder: string): string =>
        readdirSync(join(corpus, folder))
          .map((file) => readFileSync(join(corpus, folder, file), 'utf8'))
          .join('');
      const [right, fixed] = [inFolder('right'), readFileSync(join(corpus, 'expected.json'), 'utf8')];
      for (const kind of own) {
        assert.match(right, new RegExp(`xsi:type="ns0:${kind}"`));
        assert.match(fixed, new RegExp(`xsi:type=\\\\"ns0:${kind}\\\\"`));
      }
    });
  }
  test('every key of the template language is in a template', () => {
    // Those of ours are in the appliance that asks for each of them from inside.
    const text = [
      'right/hammr-language.yml',
      'right/docker.json',
      'right/packages.yml',
      'right/tests.yml',
      '../appliances/settings/template.yml',
    ]
      .map((file) => readFileSync(join(corpus, file), 'utf8'))
      .join('');
    const keys = new Set(
      Object.values<TemplateRow>(templateTypes).flatMap(({ fields }) => Object.keys(fields)),
    );
    const missing = [...keys].filter((key) => !new RegExp(`\\b${key}"?:`).test(text));
    assert.deepEqual(missing, []);
  });
});

suite('the corpus of documents that are right', () => {
  for (const file of readdirSync(join(corpus, 'right'))) {
    test(`${file} has no problem`, () => {
      const text = readFileSync(join(corpus, 'right', file), 'utf8');
      assert.deepEqual(check(file, text).map(shown), []);
    });
  }
});

// `UPDATE_CORPUS=1 npm run test:unit -- test/unit/appliance/corpus.test.ts` writes expected.json anew: read what changed.
suite('the corpus of documents that are wrong', () => {
  const expectedFile = join(corpus, 'expected.json');
  const files = readdirSync(join(corpus, 'wrong'));
  const found = Object.fromEntries(
    files.map((file): [string, Expected] => {
      const text = readFileSync(join(corpus, 'wrong', file), 'utf8');
      return [file, { problems: check(file, text).map(shown), fixed: fixedByHand(file, text) }];
    }),
  );
  if (update) writeFileSync(expectedFile, `${JSON.stringify(found, null, 2)}\n`);
  const expected = JSON.parse(readFileSync(expectedFile, 'utf8')) as Readonly<Record<string, Expected>>;

  test('is all there', () => {
    assert.deepEqual(Object.keys(expected).sort(), files.sort());
  });
  for (const file of files) {
    test(`${file} says exactly what is wrong, where, and how it is put right`, () => {
      const text = readFileSync(join(corpus, 'wrong', file), 'utf8');
      assert.deepEqual(found[file], expected[file]);
      assert.notDeepEqual(found[file]?.problems, []);
      const { fixed = '' } = found[file] ?? {};
      const errors = (text: string): readonly Problem[] =>
        check(file, text).filter(({ severity }) => severity === 'error');
      const left = errors(fixed).map(({ message }) => message);
      const others = errors(text).filter(({ fixes }) => fixes === undefined);
      const expectedLeft = others.map(({ message }) => message);
      assert.deepEqual(left, expectedLeft, `no error after the fix but those without one:\n${fixed}`);
    });
  }
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { hasErrors, type Problem } from '../../../src/appliance/text/problem.ts';
import { parseRepresentation } from '../../../src/appliance/request/representation.ts';
import { parseTemplate } from '../../../src/appliance/template/parseTemplate.ts';

const pieces = [
  '<',
  '>',
  '&',
  '"',
  "'",
  ':',
  '-',
  '\n',
  '\t',
  '{',
  '}',
  '[',
  ']',
  '*a',
  '&a ',
  '!!binary ',
  '\0',
  '😀',
  '\r\n',
  '<![CDATA[',
  '<!--',
  'xsi:type="a:b"',
  'xmlns="x"',
  '~',
  '|',
  '<<: ',
  '? ',
  '.inf',
];

/** The same texts in every run: what somebody may have on the screen while typing. */
function* damaged(text: string, count: number): Generator<string> {
  let state = 42;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return state % below;
  };
  for (let i = 0; i < count; i++) {
    let result = text;
    for (let cuts = random(4); cuts >= 0; cuts--) {
      const at = random(result.length + 1);
      const piece = random(2) === 0 ? (pieces[random(pieces.length)] ?? '') : '';
      result = result.slice(0, at) + piece + result.slice(at + (piece === '' ? random(9) : 0));
    }
    yield result;
  }
}

function assertSound(text: string, problems: readonly Problem[], value: unknown): void {
  assert.equal(value === undefined, hasErrors(problems), `a value or an error, not both:\n${text}`);
  const lines = text.split(/\r\n|\n|\r/);
  for (const { range, message } of problems) {
    const { start, end } = range;
    assert.ok(start.line < lines.length && end.line < lines.length, `${message} is outside of:\n${text}`);
    assert.ok(
      end.line > start.line || end.character >= start.character,
      `${message} ends before it starts:\n${text}`,
    );
  }
}

suite('whatever is in a file', () => {
  const example = (name: string): Promise<string> =>
    readFile(new URL(`../../../examples/nginx/${name}`, import.meta.url), 'utf8');

  test('a request is read or has errors, at places that exist', async () => {
    for (const text of damaged(await example('representation.xml'), 1500)) {
      const { problems, dto } = parseRepresentation(text);
      assertSound(text, problems, dto);
    }
  });

  test('a template is read or has errors, at places that exist', async () => {
    for (const text of damaged(await example('template.yml'), 1500)) {
      const { problems, template, wrongBuilders } = parseTemplate(text, 'yaml');
      // What is wrong with its builders keeps nobody from the rest.
      const inBuilders = wrongBuilders.flatMap(({ findings }) => findings).length;
      const errors = problems.filter(({ severity }) => severity === 'error').length;
      if (template === undefined || errors > inBuilders) assertSound(text, problems, template);
    }
    const json = JSON.stringify(
      { stack: { name: 'a', version: '1', os: { name: 'D', version: '12', arch: 'x' } } },
      null,
      1,
    );
    for (const text of damaged(json, 1000)) {
      const { problems, template } = parseTemplate(text, 'json');
      assertSound(text, problems, template);
    }
  });
});

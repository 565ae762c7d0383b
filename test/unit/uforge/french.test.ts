import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import ts from 'typescript';
import { elementDocs } from '../../../src/appliance/language/elementDocs.ts';
import { templateDocs } from '../../../src/appliance/template/model/docs.ts';
import french from '../../../src/uforge/language/french.json' with { type: 'json' };

const root = join(import.meta.dirname, '../../..');

/**
 * Every template that becomes a sentence, as the table has it; those without words of their own are in no
 * language.
 */
async function templatesInCode(): Promise<string[]> {
  const templates = new Set<string>();
  for await (const file of glob('src/**/*.ts', { cwd: root })) {
    const source = ts.createSourceFile(
      file,
      await readFile(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
    );
    const visit = (node: ts.Node): void => {
      if (ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) && node.tag.text === 'sentence') {
        templates.add(textOf(node.template));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...templates].filter((text) => /\p{L}/u.test(text)).sort();
}

function textOf(template: ts.TemplateLiteral): string {
  if (ts.isNoSubstitutionTemplateLiteral(template)) return template.text;
  return template.templateSpans.reduce(
    (text, span, index) => `${text}{${index}}${span.literal.text}`,
    template.head.text,
  );
}

/** What elements and keys mean. */
const docs = [...Object.values(elementDocs), ...Object.values(templateDocs).map(({ text }) => text)];

/** What must be the same in every language: placeholders, and what is code. */
const fixed = (text: string): readonly string[] => (text.match(/\{\d+\}|`[^`]+`/g) ?? []).sort();

suite('what rooms below the editor say in French', () => {
  test('is every sentence it says in English, and no other', async () => {
    const said = new Set([...(await templatesInCode()), ...docs]);
    assert.deepEqual(Object.keys(french).sort(), [...said].sort());
  });

  test('names what the English names, and breaks no line before a colon', () => {
    for (const [english, text] of Object.entries(french)) {
      assert.deepEqual(fixed(text), fixed(english), english);
      assert.doesNotMatch(text, / [:;?!»]/, english);
    }
  });
});

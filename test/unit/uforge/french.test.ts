import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import ts from 'typescript';
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

const placeholders = (text: string): readonly string[] => (text.match(/\{\d+\}/g) ?? []).sort();

suite('what rooms below the editor say in French', () => {
  test('is every sentence it says in English, and no other', async () => {
    assert.deepEqual(Object.keys(french).sort(), await templatesInCode());
  });

  test('names what the English names, and breaks no line before a colon', () => {
    for (const [english, text] of Object.entries(french)) {
      assert.deepEqual(placeholders(text), placeholders(english), english);
      assert.doesNotMatch(text, / [:;?!»]/, english);
    }
  });
});

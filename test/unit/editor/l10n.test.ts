import assert from 'node:assert/strict';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import ts from 'typescript';

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'l10n/bundle.l10n.json');

/** Every text the code hands to `vscode.l10n.t`; the call must be one a translator's tool can read, too. */
async function textsInCode(): Promise<string[]> {
  const texts = new Set<string>();
  for await (const file of glob(['src/editor/**/*.ts', 'src/extension.ts'], { cwd: root })) {
    const code = await readFile(join(root, file), 'utf8');
    const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'vscode.l10n.t') {
        const [text] = node.arguments;
        assert.ok(
          text !== undefined && ts.isStringLiteralLike(text),
          `${file}: vscode.l10n.t takes a literal text, not ${text?.getText() ?? 'nothing'}`,
        );
        texts.add(text.text);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return [...texts].sort();
}

// `UPDATE_L10N=1 node --test test/unit/editor/l10n.test.ts` writes the bundle anew.
it('the bundle for translators holds every text of the interface, and no other', async () => {
  const texts = await textsInCode();
  assert.ok(texts.length > 50, 'the texts were found');
  if (process.env['UPDATE_L10N'] === '1') {
    const entries = Object.fromEntries(texts.map((text) => [text, text]));
    await writeFile(bundle, `${JSON.stringify(entries, null, 2)}\n`);
  }
  const shipped = JSON.parse(await readFile(bundle, 'utf8')) as Record<string, string>;
  assert.deepEqual(Object.keys(shipped).sort(), texts);
});

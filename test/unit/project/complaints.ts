import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { root } from '../../../scripts/lib/root.ts';

// The files need not exist, so the rules that want types are off; ours want none.
const eslint = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });

const rules = ['@typescript-eslint/no-restricted-imports', 'no-restricted-syntax'];

/** Messages of our own rules (eslint.config.js) for one line in a file. */
export async function complaints(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  assert.ok(result);
  const fatal = result.messages.find((message) => message.fatal);
  assert.equal(fatal, undefined);
  return result.messages.filter(({ ruleId }) => rules.includes(ruleId ?? '')).map(({ message }) => message);
}

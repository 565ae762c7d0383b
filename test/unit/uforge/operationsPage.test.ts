import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { operationsPage, operationsPagePath } from '../../../scripts/docs/operationsPage.ts';
import { notes } from '../../../scripts/docs/choices.ts';
import { routes } from '../../../src/forge/api/routes/index.ts';
import { operations, type OperationName } from '../../../src/uforge/operations.ts';
import { documentedOperations } from './documentedOperations.ts';

suite(operationsPagePath, () => {
  test('is as “npm run docs” makes it', async () => {
    const page = await readFile(operationsPagePath, 'utf8');
    assert.ok(page === (await operationsPage()), `${operationsPagePath} is stale. Run: npm run docs`);
  });

  test('says of every operation how it is asked for and whether the forge serves it', async () => {
    const rows = (await readFile(operationsPagePath, 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    assert.equal(rows.length, documentedOperations.length);
    for (const { name, method, path } of documentedOperations) {
      const found = rows.find(([, first]) => first === `\`${name}\``);
      assert.deepEqual(found?.slice(2, 4), [method, `\`${path}\``]);
      assert.ok(found[4]?.startsWith(`\`${name}(`), name);
      assert.equal(found[5], Object.hasOwn(routes, name) ? 'yes' : '501', name);
    }
  });

  test('has no remark on an operation that is none', () => {
    for (const name of Object.keys(notes)) assert.ok(operations[name as OperationName], name);
  });
});

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { templateSchema } from '../../../src/appliance/template/model/schema.ts';
import { templateTypes } from '../../../src/appliance/template/model/types.ts';

const file = new URL('../../../schemas/template.schema.json', import.meta.url);

// `UPDATE_SCHEMA=1 node --test test/unit/appliance/templateSchema.test.ts` writes the schema anew.
test('the schema that is shipped is the table’s', async () => {
  const text = `${JSON.stringify(templateSchema(), null, 2)}\n`;
  if (process.env['UPDATE_SCHEMA'] === '1') await writeFile(file, text);
  assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), JSON.parse(text));
});

test('the schema has every object of the language, and every reference leads to one', () => {
  const text = JSON.stringify(templateSchema());
  const { definitions } = JSON.parse(text) as { definitions: Record<string, { properties: object }> };
  for (const [name, { fields }] of Object.entries(templateTypes)) {
    if (name === 'Template') continue;
    assert.deepEqual(Object.keys(definitions[name]?.properties ?? {}), Object.keys(fields), name);
  }
  for (const [, name] of text.matchAll(/#\/definitions\/(\w+)/g)) assert.ok(definitions[name!], name);
});

test('closed lists of the schema take values in any case, and no others', () => {
  const { definitions } = JSON.parse(JSON.stringify(templateSchema())) as {
    definitions: { Disk: { properties: { type: { anyOf: [unknown, { pattern: string }] } } } };
  };
  const pattern = new RegExp(definitions.Disk.properties.type.anyOf[1].pattern);
  assert.ok(pattern.test('MSDOS') && pattern.test('lvm') && !pattern.test('bsd'));
});

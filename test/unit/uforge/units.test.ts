import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TypeName } from '../../../src/uforge/dto.ts';
import { typeInfo } from '../../../src/uforge/schema/table.ts';
import { bytesOf, megabyte, units } from '../../../src/uforge/units.ts';

suite('units', () => {
  test('are those of practice, not of the annotations', () => {
    assert.equal(bytesOf('InstallProfile', 'diskSize', 8192), 8 * 2 ** 30);
    assert.equal(bytesOf('InstallProfile', 'memorySize', 512n), 512 * megabyte);
    assert.equal(bytesOf('Image', 'ebsVolumeSize', 8192), 8 * 2 ** 30);
    assert.equal(bytesOf('Image', 'fileSize', 1234), 1234);
  });

  test('are of elements that the schema has, and numbers', () => {
    for (const [type, fields] of Object.entries(units)) {
      for (const name of Object.keys(fields)) {
        const field = typeInfo(type as TypeName).fields.get(name);
        assert.ok(
          field?.kind === 'scalar' && ['int', 'long', 'integer'].includes(field.type),
          `${type}.${name}`,
        );
      }
    }
  });
});

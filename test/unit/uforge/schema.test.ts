import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { TypeName } from '../../../src/uforge/dto.ts';
import { allOperations, operations } from '../../../src/uforge/operations.ts';
import { elements } from '../../../src/uforge/schema/elements.ts';
import {
  concreteSubtypes,
  isRootName,
  isSubtype,
  isTypeName,
  rootType,
  typeInfo,
} from '../../../src/uforge/schema/table.ts';
import { types } from '../../../src/uforge/schema/types/types.ts';

const builtIns = new Set([
  'string',
  'anyURI',
  'boolean',
  'int',
  'integer',
  'long',
  'float',
  'dateTime',
  'base64Binary',
]);

suite('the schema table', () => {
  test('every type named in it is in it', () => {
    for (const name of Object.keys(types) as TypeName[]) {
      const info = typeInfo(name);
      if (info.base !== undefined) assert.ok(isTypeName(info.base), `${name}: base ${info.base}`);
      for (const field of info.fields.values()) {
        const type = field.kind === 'list' ? field.itemType : field.type;
        assert.ok(builtIns.has(type) || isTypeName(type), `${name}/${field.name}: ${type}`);
      }
    }
    for (const [root, type] of Object.entries(elements)) assert.ok(isTypeName(type), `${root}: ${type}`);
  });

  test('inherited fields come first, in the order of the schema', () => {
    const names = [...typeInfo('Image').fields.keys()];
    assert.deepEqual(names.slice(0, 12), [
      ...['created', 'dbId', 'digest', 'lastModified'],
      ...['md5sum', 'mimeType', 'sha256sum', 'size', 'status', 'uploaded', 'uploadedTime'],
      'parentUri',
    ]);
    assert.ok(names.indexOf('compress') < names.indexOf('targetFormat'));
    assert.ok(names.indexOf('targetFormat') < names.indexOf('installProfile'));
  });

  test('closed lists and what is required are known', () => {
    const keyboard = typeInfo('InstallProfile').fields.get('keyboard');
    assert.equal(keyboard?.kind === 'scalar' && keyboard.values?.length, 70);
    const nics = rootType('nics').fields.get('nics');
    assert.deepEqual([nics?.kind, nics?.kind === 'list' && nics.item], ['list', 'nic']);
    assert.equal(typeInfo('Nic').fields.get('order')?.required, true);
    assert.equal(typeInfo('Nic').fields.get('type')?.required, false);
  });

  test('kinds of an abstract type', () => {
    assert.deepEqual(concreteSubtypes('DistribProfile'), ['LinuxProfile', 'WindowsProfile']);
    assert.ok(isSubtype('CredAccountAws', 'CredAccount'));
    assert.ok(!isSubtype('CredAccount', 'CredAccountAws'));
  });

  test('names every object has are no types', () => {
    assert.equal(typeInfo('constructor'), undefined);
    assert.equal(rootType('toString'), undefined);
    assert.ok(!isTypeName('hasOwnProperty'));
  });
});

suite('the operations', () => {
  test('are named as their keys, and their roots exist', () => {
    assert.ok(allOperations.length >= 103);
    for (const operation of allOperations) {
      assert.equal(operations[operation.name], operation);
      for (const root of [operation.requestRoot, operation.responseRoot]) {
        if (root !== undefined) assert.ok(isRootName(root), `${operation.name}: ${root}`);
      }
      assert.ok(operation.path.startsWith('/'), operation.path);
    }
  });

  test('no two share method and path', () => {
    const routes = allOperations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    assert.equal(new Set(routes).size, routes.length);
  });

  test('succeed as the pages say', () => {
    assert.equal(operations.machineImage_generate.success, 201);
    assert.equal(operations.machineImage_get.success, 200);
    assert.equal(operations.machineImage_delete.success, 204);
    assert.equal(operations.machineImageGeneration_cancel.success, 200);
  });
});

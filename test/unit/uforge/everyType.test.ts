import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { decodeJson, decodeXml, encodeJson, encodeXml } from '../../../src/uforge/codec/codec.ts';
import type { BuiltIns, DtoOfRoot, RootName, TypeName } from '../../../src/uforge/dto.ts';
import { elements } from '../../../src/uforge/schema/elements.ts';
import { concreteSubtypes, isTypeName, typeInfo } from '../../../src/uforge/schema/table.ts';

const samples: BuiltIns = {
  string: ' a <b> & "c"\n',
  anyURI: 'users/a%40b/appliances/1',
  boolean: false,
  int: -3,
  integer: 12n ** 15n,
  long: 9007199254740993n,
  float: 1.5,
  dateTime: new Date('2018-04-17T07:45:32.001Z'),
  base64Binary: new Uint8Array([0, 1, 255]),
};

/** An object of that type with every element it may have, down to `depth`, named in the wrong order. */
function filled(name: TypeName, depth: number, concrete?: TypeName): object {
  const declared = typeInfo(name);
  const type = typeInfo(concrete ?? (declared.abstract ? concreteSubtypes(name)[0] : undefined) ?? name);
  const value = (of: keyof BuiltIns | TypeName): unknown =>
    isTypeName(of) ? filled(of, depth - 1) : samples[of];
  const members = [...type.fields.values()].reverse().map((field) => {
    if (field.kind === 'scalar') return [field.name, field.values?.at(-1) ?? samples[field.type]];
    if (depth <= 0 && !field.required) return [field.name, field.kind === 'list' ? [] : undefined];
    if (field.kind === 'object') return [field.name, filled(field.type, depth - 1)];
    return [field.name, depth > -2 ? [value(field.itemType), value(field.itemType)] : []];
  });
  const present = members.filter(([, member]) => member !== undefined);
  return { ...(type !== declared && { $type: type.name }), ...(Object.fromEntries(present) as object) };
}

suite('every root element, with everything its type may hold', () => {
  for (const [root, type] of Object.entries(elements) as [RootName, TypeName][]) {
    test(root, () => {
      for (const concrete of typeInfo(type).abstract ? concreteSubtypes(type) : [undefined]) {
        const value = filled(type, 2, concrete);
        // Any root will do for the compiler, which can't follow a loop over all of them.
        const [name, dto] = [root as 'image', value as DtoOfRoot<'image'>];
        assert.deepEqual(decodeXml(encodeXml(name, dto)), { root, value, problems: [] });
        assert.deepEqual(decodeJson(encodeJson(name, dto)), { root, value, problems: [] });
      }
    });
  }
});

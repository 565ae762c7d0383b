import fc, { type Arbitrary } from 'fast-check';
import type { BuiltIns, RootName, TypeName } from '../../../src/uforge/dto.ts';
import {
  concreteSubtypes,
  isTypeName,
  rootType,
  typeInfo,
  type Field,
  type TypeInfo,
} from '../../../src/uforge/schema/table.ts';

/** Any string at all: control characters, halves of surrogate pairs, quotes. */
export const anyString: Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  // eslint-disable-next-line @typescript-eslint/no-misused-spread -- characters are what is meant
  fc.string({ unit: fc.constantFrom(...'\'"\\*;,()=!<>&]\r\n\t \0\uFFFE\u0085\u2028é') }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }))
    .map((units) => units.map((unit) => String.fromCharCode(unit)).join('')),
);

/** As the codec writes it: no control character that XML can't name, no half of a pair. */
const printable = anyString.map((text) =>
  // eslint-disable-next-line no-control-regex -- these are the ones meant
  text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '?'),
);

const long = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));

const scalars: { readonly [K in keyof BuiltIns]: Arbitrary<BuiltIns[K]> } = {
  string: printable,
  anyURI: printable.map((text) => text.trim()),
  boolean: fc.boolean(),
  int: fc.integer(),
  integer: fc.oneof(
    long,
    fc.bigInt().filter((value) => !Number.isSafeInteger(Number(value))),
  ),
  long: fc.oneof(long, fc.maxSafeInteger()),
  float: fc.double(),
  dateTime: fc.date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59.999Z'),
    noInvalidDate: true,
  }),
  base64Binary: fc.uint8Array(),
};

/** DTOs of a schema type, by the table: any of its kinds, any of its elements there or not, `depth` objects deep. */
export class Dtos {
  readonly #known = new Map<string, Arbitrary<object>>();

  ofRoot(root: RootName, depth: number): Arbitrary<object> {
    return this.#ofType(rootType(root).name, depth);
  }

  #ofType(name: TypeName, depth: number): Arbitrary<object> {
    const key = `${name} ${depth}`;
    const known = this.#known.get(key);
    if (known) return known;
    const kinds = concreteSubtypes(name).map((kind) => this.#ofKind(typeInfo(name), typeInfo(kind), depth));
    const made = fc.oneof(...kinds);
    this.#known.set(key, made);
    return made;
  }

  #ofKind(declared: TypeInfo, type: TypeInfo, depth: number): Arbitrary<object> {
    const fields = [...type.fields.values()].filter(
      (field) => depth > 0 || field.kind !== 'object' || field.required,
    );
    const members = Object.fromEntries(fields.map((field) => [field.name, this.#ofField(field, depth - 1)]));
    const requiredKeys = fields
      // The list of a list document is always there.
      .filter((field) => field.required || (type.base === 'UForgeObjects' && field.kind === 'list'))
      .map((field) => field.name);
    return fc
      .record(members, { requiredKeys, noNullPrototype: true })
      .map((dto) => (type === declared ? dto : { $type: type.name, ...dto }));
  }

  #ofField(field: Field, depth: number): Arbitrary<unknown> {
    if (field.kind === 'object') return this.#ofType(field.type, depth);
    if (field.kind === 'list')
      return fc.array(this.#ofItem(field.itemType, depth), { maxLength: depth < 0 ? 0 : 3 });
    return field.values ? fc.oneof(fc.constantFrom(...field.values), printable) : scalars[field.type];
  }

  #ofItem(type: keyof BuiltIns | TypeName, depth: number): Arbitrary<unknown> {
    if (!isTypeName(type)) return scalars[type];
    return depth < 0 ? fc.constant({}) : this.#ofType(type, depth);
  }
}

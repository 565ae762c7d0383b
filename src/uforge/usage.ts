import type { TypeName } from './dto.ts';
import { elements } from './schema/elements.ts';
import { operations } from './operations.ts';
import { isSubtype, isTypeName, rootType, typeInfo, type Field } from './schema/table.ts';
import { types } from './schema/types/types.ts';

/** Where objects of a type stand. */
export interface Usage {
  /** Elements that hold one, with the element they are in: `image/installProfile`; a root by itself. */
  readonly elements: readonly string[];
  /** Operations whose request body can hold one, however deep. */
  readonly operations: readonly string[];
}

/** Where objects of a type, or of one it inherits from, stand. */
export function usageOf(name: TypeName): Usage {
  return { elements: elementsWith(name), operations: operationsWith(name) };
}

function elementsWith(name: TypeName): readonly string[] {
  const roots = Object.entries(elements).filter(([, type]) => isTypeName(type) && isSubtype(name, type));
  const inside = (Object.keys(types) as TypeName[]).flatMap((owner) => {
    const base = typeInfo(owner).base;
    const inherited = base === undefined ? undefined : typeInfo(base).fields;
    return [...typeInfo(owner).fields.values()]
      .filter((field) => !inherited?.has(field.name) && holds(field, name))
      .map((field) => `${elementOf(owner)}/${field.name}`);
  });
  return [...new Set([...roots.map(([root]) => root), ...inside])];
}

/** The root element of a type, else the type's name as an element's. */
function elementOf(type: TypeName): string {
  const root = Object.entries(elements).find(([, each]) => each === type)?.[0];
  return root ?? `${type.slice(0, 1).toLowerCase()}${type.slice(1)}`;
}

function operationsWith(name: TypeName): readonly string[] {
  const holders = holdersOf(name);
  return Object.entries(operations)
    .filter(([, row]) => 'requestRoot' in row && holders.has(rootType(row.requestRoot).name))
    .map(([id]) => id);
}

/** Types whose objects can hold one of that type, however deep. */
function holdersOf(name: TypeName): ReadonlySet<TypeName> {
  const holders = new Set([name]);
  for (let before = 0; before < holders.size;) {
    before = holders.size;
    for (const type of Object.keys(types) as TypeName[]) {
      const { fields, abstract, base } = typeInfo(type);
      if (!holders.has(type) && ![...fields.values()].some((field) => isOneOf(holders, typeOf(field))))
        continue;
      holders.add(type);
      // Where a more general type is asked for, this one may stand.
      for (
        let general = abstract ? undefined : base;
        general !== undefined;
        general = typeInfo(general).base
      ) {
        holders.add(general);
      }
    }
  }
  return holders;
}

function isOneOf(holders: ReadonlySet<TypeName>, type: TypeName | undefined): boolean {
  return type !== undefined && holders.has(type);
}

function holds(field: Field, name: TypeName): boolean {
  const type = typeOf(field);
  return type !== undefined && isSubtype(name, type);
}

function typeOf(field: Field): TypeName | undefined {
  if (field.kind === 'object') return field.type;
  return field.kind === 'list' && isTypeName(field.itemType) ? field.itemType : undefined;
}

import type { RootName, TypeName } from './dto.ts';
import { elements } from './schema/elements.ts';
import { operations } from './operations.ts';
import { concreteSubtypes, isSubtype, isTypeName, rootType, typeInfo, type Field } from './schema/table.ts';
import { types } from './schema/types.ts';

/** Where objects of a type stand. */
export interface Usage {
  /** Elements that hold one, with the element they are in: `image/installProfile`; a root by itself. */
  readonly elements: readonly string[];
  /** Operations whose request body can hold one, however deep. */
  readonly operations: readonly string[];
}

const known = new Map<TypeName, Usage>();

/** Where objects of a type, or of one it inherits from, stand; worked out from the schema once for each. */
export function usageOf(name: TypeName): Usage {
  const found = known.get(name) ?? { elements: elementsWith(name), operations: operationsWith(name) };
  known.set(name, found);
  return found;
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
  return Object.entries(operations)
    .filter(([, operation]) => 'requestRoot' in operation && bodyHolds(operation.requestRoot, name))
    .map(([id]) => id);
}

function bodyHolds(root: RootName, name: TypeName): boolean {
  return reachableFrom(rootType(root).name).has(name);
}

const reached = new Map<TypeName, ReadonlySet<TypeName>>();

function reachableFrom(start: TypeName): ReadonlySet<TypeName> {
  const before = reached.get(start);
  if (before !== undefined) return before;
  const found = new Set<TypeName>();
  const visit = (type: TypeName): void => {
    if (found.has(type)) return;
    found.add(type);
    for (const kind of concreteSubtypes(type)) visit(kind);
    for (const field of typeInfo(type).fields.values()) {
      const inner = typeOf(field);
      if (inner !== undefined) visit(inner);
    }
  };
  visit(start);
  reached.set(start, found);
  return found;
}

function holds(field: Field, name: TypeName): boolean {
  const type = typeOf(field);
  return type !== undefined && isSubtype(name, type);
}

function typeOf(field: Field): TypeName | undefined {
  if (field.kind === 'object') return field.type;
  return field.kind === 'list' && isTypeName(field.itemType) ? field.itemType : undefined;
}

import type { BuiltIns, RootName, TypeName } from '../dto.ts';
import { elements } from './elements.ts';
import { types } from './types/types.ts';

/** One element of a type. `required` is the schema's word, not the server's. */
export type Field = { readonly name: string; readonly required: boolean } & (
  | { readonly kind: 'scalar'; readonly type: keyof BuiltIns; readonly values?: readonly string[] }
  | { readonly kind: 'object'; readonly type: TypeName }
  | { readonly kind: 'list'; readonly item: string; readonly itemType: keyof BuiltIns | TypeName }
);

/** A complex type with everything it inherits. */
export interface TypeInfo {
  readonly name: TypeName;
  readonly base: TypeName | undefined;
  /** An abstract type needs `xsi:type` in a document. */
  readonly abstract: boolean;
  /** By name, in schema order, inherited fields first. */
  readonly fields: ReadonlyMap<string, Field>;
}

type FieldSpec = string | readonly [string, string] | { readonly values: readonly string[] };

interface Row {
  readonly base?: string;
  readonly abstract?: boolean;
  readonly required?: readonly string[];
  readonly fields: Readonly<Record<string, FieldSpec>>;
}

const rows: Readonly<Record<string, Row>> = types;

/** The type of that name, or undefined for a name the schema does not have. */
export function typeInfo<N extends string>(name: N): N extends TypeName ? TypeInfo : TypeInfo | undefined;
export function typeInfo(name: string): TypeInfo | undefined {
  return infos.get(name);
}

/**
 * The closed list of values of a type's field, as the schema spells them; empty where any value is possible.
 */
export function listedValues(type: TypeName, field: string): readonly string[] {
  const spec = typeInfo(type).fields.get(field);
  return spec?.kind === 'scalar' ? (spec.values ?? []) : [];
}

/** The type a document with this root element holds, or undefined for an unknown root. */
export function rootType<R extends string>(root: R): R extends RootName ? TypeInfo : TypeInfo | undefined;
export function rootType(root: string): TypeInfo | undefined {
  return isRootName(root) ? infos.get(elements[root]) : undefined;
}

export function isRootName(name: string): name is RootName {
  return Object.hasOwn(elements, name);
}

export function isTypeName(name: string): name is TypeName {
  return Object.hasOwn(types, name);
}

/** True when `name` is `ancestor` or derives from it, so that it may stand in its place with `xsi:type`. */
export function isSubtype(name: TypeName, ancestor: TypeName): boolean {
  for (let row: string | undefined = name; row !== undefined; row = rows[row]?.base) {
    if (row === ancestor) return true;
  }
  return false;
}

/** The concrete types that may stand where `ancestor` is asked for. */
export function concreteSubtypes(ancestor: TypeName): readonly TypeName[] {
  return [...infos.values()]
    .filter((info) => !info.abstract && isSubtype(info.name, ancestor))
    .map((info) => info.name);
}

function inheritedFields(name: string): Map<string, Field> {
  const row = rows[name];
  if (!row) return new Map();
  const fields = row.base === undefined ? new Map<string, Field>() : inheritedFields(row.base);
  for (const [field, spec] of Object.entries(row.fields)) {
    fields.set(field, toField(field, spec, row.required?.includes(field) ?? false));
  }
  return fields;
}

function toField(name: string, spec: FieldSpec, required: boolean): Field {
  if (typeof spec === 'string') {
    return isTypeName(spec)
      ? { name, required, kind: 'object', type: spec }
      : { name, required, kind: 'scalar', type: spec as keyof BuiltIns };
  }
  if (isListSpec(spec)) {
    return { name, required, kind: 'list', item: spec[0], itemType: spec[1] as keyof BuiltIns | TypeName };
  }
  return { name, required, kind: 'scalar', type: 'string', values: spec.values };
}

function isListSpec(spec: FieldSpec): spec is readonly [string, string] {
  return Array.isArray(spec);
}

const infos: ReadonlyMap<string, TypeInfo> = new Map(
  (Object.keys(types) as TypeName[]).map((name) => [
    name,
    {
      name,
      base: rows[name]?.base as TypeName | undefined,
      abstract: rows[name]?.abstract ?? false,
      fields: inheritedFields(name),
    },
  ]),
);

import type { TypeName } from '../../uforge/dto.ts';
import {
  concreteSubtypes,
  isRootName,
  isTypeName,
  rootType,
  typeInfo,
  type Field,
  type TypeInfo,
} from '../../uforge/schema/table.ts';
import { unitOf, type Unit } from '../../uforge/units.ts';
import { exampleValue } from '../request/examples.ts';
import { targetFormats } from '../catalog/targetFormats.ts';
import type { XmlElement } from '../xml/element.ts';
import { xsiNamespace } from '../../uforge/codec/tree.ts';

/** What the schema says of an element: an object, a list's wrapper, a value; nothing for one it does not know. */
export type Meaning =
  | { readonly kind: 'object'; readonly type: TypeInfo; readonly owner?: Owner }
  | { readonly kind: 'list'; readonly item: string; readonly itemType: string; readonly owner?: Owner }
  | { readonly kind: 'value'; readonly values: readonly string[]; readonly owner?: Owner };

/** The type an element is declared in. */
export interface Owner {
  readonly type: TypeInfo;
  readonly field: Field;
}

/** Follows an element's ancestors through the schema. */
export function meaningOf(element: XmlElement): Meaning | undefined {
  return meaningIn(element.parent && meaningOf(element.parent), element);
}

/** What an element means, given what the one around it does; a root has nothing around it. */
export function meaningIn(outer: Meaning | undefined, element: XmlElement): Meaning | undefined {
  const { parent, name } = element;
  if (parent === undefined) {
    return isRootName(name) ? { kind: 'object', type: concrete(element, rootType(name)) } : undefined;
  }
  if (outer?.kind === 'list' && name === outer.item) {
    return isTypeName(outer.itemType)
      ? { kind: 'object', type: concrete(element, typeInfo(outer.itemType)) }
      : { kind: 'value', values: [] };
  }
  if (outer?.kind !== 'object') return undefined;
  const field = outer.type.fields.get(name);
  if (field === undefined) return undefined;
  const owner = { type: outer.type, field };
  if (field.kind === 'object')
    return { kind: 'object', type: concrete(element, typeInfo(field.type)), owner };
  if (field.kind === 'list') return { kind: 'list', item: field.item, itemType: field.itemType, owner };
  return { kind: 'value', values: valuesOf(outer.type, field), owner };
}

/** What a value may be: a closed list, true and false, or the names of the target formats. */
export function valuesOf(type: TypeInfo, field: Extract<Field, { kind: 'scalar' }>): readonly string[] {
  if (field.values !== undefined) return field.values;
  if (field.type === 'boolean') return ['true', 'false'];
  const isFormat = type.name === 'TargetFormat' && field.name === 'name';
  return isFormat ? targetFormats.map(({ name }) => name) : [];
}

/** A type and those it inherits from, itself first. */
export function lineageOf(type: TypeInfo): readonly TypeName[] {
  return type.base === undefined ? [type.name] : [type.name, ...lineageOf(typeInfo(type.base))];
}

/** Whether a server fills an element in: when an object was made, its digest, where its file stands. */
export function isGivenByServer(type: TypeInfo, { name }: Field): boolean {
  const kept = lineageOf(type).filter((each) => each === 'UForgeObject' || each === 'UForgeUploadObject');
  return kept.some((each) => typeInfo(each).fields.has(name));
}

/** The unit of an element of a type, its own or an inherited one, when it is a size. */
export function sizeUnit(type: TypeInfo, field: string): Unit | undefined {
  return lineageOf(type)
    .map((name) => unitOf(name, field))
    .find((unit) => unit !== undefined);
}

/** The innermost element whose tags an offset is between. */
export function elementAround(root: XmlElement | undefined, offset: number): XmlElement | undefined {
  if (root === undefined || offset < root.contentStart || offset > root.contentEnd) return undefined;
  if (root.empty || (!root.closed && root.contentEnd === root.contentStart && root.parent !== undefined))
    return undefined;
  for (const child of root.children.toReversed()) {
    const found = elementAround(child, offset);
    if (found !== undefined) return found;
  }
  return root;
}

/** A new element as a snippet, without its `<`: its value or its content is the place to fill in. */
export function elementSnippet(owner: TypeInfo, field: Field): string {
  const { name } = field;
  if (field.kind === 'list') return `${name}>\n\t<${field.item}>$1</${field.item}>\n</${name}>$0`;
  if (field.kind === 'object') return `${name}>\n\t$0\n</${name}>`;
  const values = valuesOf(owner, field);
  const example = exampleValue(owner.name, field);
  const choices = values.length > 0 && values.length <= 6 && values.every((each) => !/[,|]/.test(each));
  const place = choices ? `\${1|${values.join(',')}|}` : values.length > 0 ? '$1' : `\${1:${example}}`;
  return `${name}>${place}</${name}>$0`;
}

/** The kinds an element of an abstract type can be. */
export function kindsOf(element: XmlElement): readonly TypeName[] {
  const { parent, name } = element;
  if (parent === undefined) return isRootName(name) ? concreteSubtypes(rootType(name).name) : [];
  const outer = meaningOf(parent);
  const field = outer?.kind === 'object' ? outer.type.fields.get(name) : undefined;
  return field?.kind === 'object' ? concreteSubtypes(field.type) : [];
}

/** The type `xsi:type` names, else the declared one. */
function concrete(element: XmlElement, declared: TypeInfo): TypeInfo {
  const given = element.attributes.find(
    ({ name, namespace, prefix }) => name === 'type' && (namespace === xsiNamespace || prefix === 'xsi'),
  );
  const name = given?.value.slice(given.value.indexOf(':') + 1) ?? '';
  return isTypeName(name) ? typeInfo(name) : declared;
}

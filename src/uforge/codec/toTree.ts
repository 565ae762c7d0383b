import type { BuiltIns, RootName, TypeName } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import { isSubtype, isTypeName, rootType, typeInfo, type Field, type TypeInfo } from '../schema/table.ts';
import { printScalar } from './scalars.ts';
import type { OutContent, OutNode } from './tree.ts';
import { isRecord } from '../isRecord.ts';

const bareTypes: ReadonlySet<keyof BuiltIns> = new Set(['boolean', 'int', 'long', 'integer', 'float']);

/**
 * Lays a DTO out as the schema wants it. Strict: what the schema does not know, or a value that does not fit,
 * is an `invalid` error that names its path, because a server would drop or misread it.
 */
export function toTree(root: RootName, dto: unknown): OutNode {
  return objectNode(root, rootType(root), dto, root);
}

function objectNode(name: string, declared: TypeInfo, dto: unknown, path: string): OutNode {
  if (!isRecord(dto)) throw invalid(path, `is not a ${declared.name}.`);
  const type = concreteType(declared, dto['$type'], path);
  for (const [key, value] of Object.entries(dto)) {
    if (key !== '$type' && value !== undefined && !type.fields.has(key)) {
      throw invalid(`${path}/${key}`, `is not an element of ${type.name}.`);
    }
  }
  const children: OutNode[] = [];
  for (const field of type.fields.values()) {
    const value = dto[field.name];
    if (value !== undefined) children.push(fieldNode(field, value, `${path}/${field.name}`));
    else if (field.required) throw invalid(`${path}/${field.name}`, 'is missing.');
  }
  return { name, content: { kind: 'object', children }, ...(type !== declared && { type: type.name }) };
}

function fieldNode(field: Field, value: unknown, path: string): OutNode {
  if (field.kind !== 'list') return valueNode(field.name, field.type, value, path);
  if (!Array.isArray(value)) throw invalid(path, 'is not an array.');
  const items = value.map((item: unknown) =>
    valueNode(field.item, field.itemType, item, `${path}/${field.item}`),
  );
  return { name: field.name, content: { kind: 'list', item: field.item, items } };
}

function valueNode(name: string, type: keyof BuiltIns | TypeName, value: unknown, path: string): OutNode {
  return isTypeName(type)
    ? objectNode(name, typeInfo(type), value, path)
    : { name, content: scalarContent(type, value, path) };
}

function scalarContent(type: keyof BuiltIns, value: unknown, path: string): OutContent {
  const text = printScalar(type, value);
  if (text === undefined) throw invalid(path, `is not a valid ${type}.`);
  return { kind: 'scalar', text, bare: (bareTypes.has(type) && /^-?\d/.test(text)) || type === 'boolean' };
}

function concreteType(declared: TypeInfo, wanted: unknown, path: string): TypeInfo {
  if (wanted === undefined) {
    if (declared.abstract) throw invalid(path, `is an abstract ${declared.name}: say which kind in $type.`);
    return declared;
  }
  if (typeof wanted === 'string' && isTypeName(wanted) && isSubtype(wanted, declared.name)) {
    const type = typeInfo(wanted);
    if (!type.abstract) return type;
  }
  throw invalid(
    path,
    `has the $type ${JSON.stringify(wanted)}: that is not a concrete kind of ${declared.name}.`,
  );
}

function invalid(path: string, problem: string): UForgeError {
  return new UForgeError('invalid', `The request can't be sent: ${path} ${problem}`);
}

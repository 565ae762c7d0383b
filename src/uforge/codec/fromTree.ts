import type { BuiltIns, RootName, TypeName } from '../dto.ts';
import { UForgeError } from '../errors.ts';
import {
  isRootName,
  isSubtype,
  isTypeName,
  rootType,
  typeInfo,
  type Field,
  type TypeInfo,
} from '../schema/table.ts';
import { parseScalar } from './scalars.ts';
import { uforgeNamespace, type InDocument, type InNode } from './tree.ts';

/**
 * Something in a document that was passed over in reading, or read although it is not as it should be. A
 * client shrugs, because servers are newer than it; a server that is asked to do something should not: what
 * it did not understand it can't do.
 */
export interface DecodeProblem {
  readonly kind: 'namespace' | 'unknownElement' | 'bareItem' | 'repeatedElement' | 'badValue' | 'unknownType';
  /** Where, as `image/installProfile/memorySize`. */
  readonly path: string;
  readonly message: string;
}

type MutableDto = Record<string, unknown>;

/** Turns what a document says into a DTO, by the table: any order, unknown things passed over and noted. */
export function fromTree(document: InDocument): {
  root: RootName;
  value: unknown;
  problems: DecodeProblem[];
} {
  const { root, namespace, node } = document;
  if (!isRootName(root)) {
    throw new UForgeError('protocol', `"${root}" is not a root element of UForge's schema.`);
  }
  const problems: DecodeProblem[] = [];
  if (namespace !== undefined && namespace !== uforgeNamespace) {
    const found = namespace === '' ? 'no namespace' : `the namespace ${namespace}`;
    problems.push({
      kind: 'namespace',
      path: root,
      message: `"${root}" is in ${found}, not in ${uforgeNamespace}.`,
    });
  }
  return { root, value: readObject(node, rootType(root), root, problems), problems };
}

function readObject(node: InNode, declared: TypeInfo, path: string, problems: DecodeProblem[]): MutableDto {
  const type = concreteType(node, declared, path, problems);
  const dto: MutableDto = {};
  if (type !== declared || node.type === type.name) dto['$type'] = type.name;
  for (const [name, nodes] of node.children) {
    const field = type.fields.get(name);
    const list = field ? undefined : listOf(name, type);
    if (list !== undefined) {
      const items = readBareItems(list, nodes, `${path}/${name}`, problems);
      dto[list.name] = [...((dto[list.name] as unknown[] | undefined) ?? []), ...items];
      continue;
    }
    if (!field) {
      problems.push({
        kind: 'unknownElement',
        path: `${path}/${name}`,
        message: `"${name}" is not an element of ${type.name}.`,
      });
      continue;
    }
    const value = readField(field, nodes, `${path}/${name}`, problems);
    if (value !== undefined) dto[name] = value;
  }
  if (type.base === 'UForgeObjects') addEmptyLists(dto, type);
  return dto;
}

function concreteType(node: InNode, declared: TypeInfo, path: string, problems: DecodeProblem[]): TypeInfo {
  if (node.type === undefined || node.type === declared.name) return declared;
  if (isTypeName(node.type) && isSubtype(node.type, declared.name)) return typeInfo(node.type);
  problems.push({ kind: 'unknownType', path, message: `"${node.type}" is not a kind of ${declared.name}.` });
  return declared;
}

function readField(field: Field, nodes: readonly InNode[], path: string, problems: DecodeProblem[]): unknown {
  if (field.kind === 'list') {
    return nodes.flatMap((node) =>
      isItem(field, node)
        ? readBareItems(field, [node], path, problems)
        : readList(field, node, path, problems),
    );
  }
  const node = nodes.at(-1);
  if (nodes.length > 1) {
    problems.push({
      kind: 'repeatedElement',
      path,
      message: `"${field.name}" is there ${nodes.length} times; the last one counts.`,
    });
  }
  if (!node || node.nil) return undefined;
  return readValue(field.type, node, path, problems);
}

/**
 * Whether an item stands where the element around all of them should: JSON of other clients has arrays there.
 */
function isItem({ item, itemType }: Field & { kind: 'list' }, { children, text }: InNode): boolean {
  if (children.has(item)) return false;
  if (!isTypeName(itemType)) return children.size === 0 && text !== '';
  const { fields } = typeInfo(itemType);
  return children.size > 0 && [...children.keys()].every((name) => fields.has(name));
}

/** The list whose items are called so: samples of the documentation forget the element around them. */
function listOf(item: string, type: TypeInfo): (Field & { kind: 'list' }) | undefined {
  const lists = [...type.fields.values()].filter((field) => field.kind === 'list' && field.item === item);
  return lists.length === 1 ? (lists[0] as Field & { kind: 'list' }) : undefined;
}

function readBareItems(
  field: Field & { kind: 'list' },
  nodes: readonly InNode[],
  path: string,
  problems: DecodeProblem[],
): unknown[] {
  problems.push({ kind: 'bareItem', path, message: `"${field.item}" belongs into "${field.name}".` });
  const values = nodes.map((node) =>
    node.nil ? undefined : readValue(field.itemType, node, path, problems),
  );
  return values.filter((value) => value !== undefined);
}

function readList(
  field: Field & { kind: 'list' },
  wrapper: InNode,
  path: string,
  problems: DecodeProblem[],
): unknown[] {
  const values: unknown[] = [];
  for (const [name, nodes] of wrapper.children) {
    if (name !== field.item) {
      problems.push({
        kind: 'unknownElement',
        path: `${path}/${name}`,
        message: `"${field.name}" holds "${field.item}", not "${name}".`,
      });
      continue;
    }
    for (const node of nodes) {
      const value = node.nil ? undefined : readValue(field.itemType, node, `${path}/${name}`, problems);
      if (value !== undefined) values.push(value);
    }
  }
  return values;
}

function readValue(
  type: keyof BuiltIns | TypeName,
  node: InNode,
  path: string,
  problems: DecodeProblem[],
): unknown {
  if (isTypeName(type)) return readObject(node, typeInfo(type), path, problems);
  const value = parseScalar(type, node.text);
  if (value === undefined || node.children.size > 0) {
    problems.push({ kind: 'badValue', path, message: `"${shorten(node.text)}" is not a valid ${type}.` });
  }
  return value;
}

/** A list document has its list even when the server left the empty wrapper out. */
function addEmptyLists(dto: MutableDto, type: TypeInfo): void {
  for (const field of type.fields.values()) {
    if (field.kind === 'list') dto[field.name] ??= [];
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

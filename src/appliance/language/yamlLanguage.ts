import { listedValues } from '../../uforge/schema/table.ts';
import type { Range } from '../text/problem.ts';
import { quoteLike } from '../yaml/sameQuotes.ts';
import type { ServerKnowledge, SystemName } from '../catalog/serverKnowledge.ts';
import { targetFormats } from '../catalog/targetFormats.ts';
import { templateDoc } from '../template/model/docs.ts';
import { blockOf } from '../template/model/insertKey.ts';
import {
  templateTypes,
  type TemplateFieldType,
  type TemplateRow,
  type TemplateTypeName,
} from '../template/model/types.ts';
import { escapeSnippet, type Completion, type Explanation } from './completion.ts';
import { accountNames, formatNames, systemIn, systemValues, timeZones } from './serverValues.ts';

/** A line of block YAML as far as it can be told without its context. */
interface Line {
  /** Column of the key, after the dashes of a list. */
  readonly column: number;
  readonly hasDash: boolean;
  readonly key: string | undefined;
  /** Column of what follows the colon. */
  readonly valueColumn: number;
  readonly text: string;
}

const shape = /^(\s*)((?:-\s+|-$)*)(?:["']?([\w-]+)["']?\s*:(?=\s|$)\s*)?/;

/**
 * What may be typed at an offset of a template in YAML. Goes by the indentation of the lines above, which is there
 * whatever else is half typed. (For JSON see `jsonLanguage`.)
 */
export function completeYamlAt(
  text: string,
  offset: number,
  server?: ServerKnowledge,
): readonly Completion[] {
  const { lines, index, column } = linesUpTo(text, offset);
  const line = lines[index];
  if (line === undefined || /^\s*#/.test(line.text)) return [];
  const start = offset - column;
  if (line.key !== undefined && column >= line.valueColumn) {
    const row = rowAt(lines, index);
    const type = row === undefined ? undefined : fieldType(row.name, line.key);
    if (row === undefined || type === undefined) return [];
    const rest = /^[^#\r\n]*/.exec(text.slice(offset))?.[0].trimEnd().length ?? 0;
    const quote = quoteLike(text);
    const { key, valueColumn } = line;
    const builders = lines.flatMap((each) => (each.key === 'type' ? [valueIn(each)] : []));
    return likelyValues(row, key, type, builders, server).map((label) => ({
      label,
      kind: 'value' as const,
      detail: key,
      documentation: '',
      insertText: escapeSnippet(quote(placeOf(index, valueColumn), label)),
      from: start + line.valueColumn,
      to: offset + rest,
    }));
  }
  const row = rowAt(lines, index);
  if (row === undefined) return [];
  return keysOf(row, start + Math.min(line.column, column), offset);
}

/** What the key at an offset means. */
export function explainYamlAt(text: string, offset: number): Explanation | undefined {
  const { lines, index, column } = linesUpTo(text, offset);
  const line = lines[index];
  const key = line?.key;
  if (line === undefined || key === undefined || column < line.column || column > line.column + key.length)
    return undefined;
  const row = rowAt(lines, index);
  const explained = row && explainKey(row.name, key);
  if (explained === undefined) return undefined;
  const from = offset - column + line.column;
  return { text: explained, from, to: from + key.length };
}

/** What a key means, in Markdown. */
export function explainKey(row: TemplateTypeName, key: string): string | undefined {
  const doc = templateDoc(row, key);
  if (doc === undefined) return undefined;
  const type = fieldType(row, key);
  const values = type === undefined ? [] : valuesOf(row, key, type);
  const required = requiredIn(row, key) ? ' · required' : '';
  const unit = doc.unit === undefined ? '' : ` In **${doc.unit}**: 1024 is one GB.`;
  const list = values.length === 0 ? '' : `One of: ${values.join(', ')}`;
  return [`**${key}**${required}`, `${doc.text}${unit}`, list, whereUsed(row)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The keys that hold such an object: `stack.installation`. */
function whereUsed(name: TemplateTypeName): string {
  const rows = Object.entries<TemplateRow>(templateTypes);
  const keys = rows.flatMap(([owner, { fields }]) =>
    Object.entries(fields)
      .filter(([, type]) => (Array.isArray(type) ? type[0] === name : type === name))
      .map(([key]) => `\`${owner === 'Template' ? '' : `${keyOf(owner)}.`}${key}\``),
  );
  return keys.length === 0 ? '' : `In ${keys.join(', ')}.`;
}

function keyOf(row: string): string {
  return row.slice(0, 1).toLowerCase() + row.slice(1);
}

function placeOf(line: number, character: number): Range {
  return { start: { line, character }, end: { line, character } };
}

/** Whether only a server knows what the values of a key are. */
export function isOnServer(row: TemplateTypeName, key: string): boolean {
  if (row === 'Os') return ['name', 'version', 'arch', 'profile'].includes(key);
  return (row === 'Builder' && key === 'type') || (row === 'BuilderAccount' && key === 'name');
}

/** The values of the language; for names that only a server knows, what it has. `builders`: target formats it may be for. */
export function likelyValues(
  { name, present }: Pick<RowHere, 'name' | 'present'>,
  key: string,
  type: TemplateFieldType,
  builders: readonly string[],
  server: ServerKnowledge | undefined,
): readonly string[] {
  if (name === 'Builder' && key === 'type') return formatNames(server);
  if (name === 'Os') return systemValues(server, key, present);
  if (name === 'Installation' && key === 'timezone') return timeZones();
  if (name === 'BuilderAccount' && key === 'name') {
    return accountNames(server, builders.length === 1 ? builders[0] : undefined);
  }
  return valuesOf(name, key, type);
}

/** A package whose name is being typed: the system it is for, and what is there of the name. */
export interface TypedPackage {
  readonly system: SystemName;
  readonly typed: string;
  /** What the name replaces, as offsets into the text. */
  readonly from: number;
  readonly to: number;
}

/** The name of a package an offset is in, when the template says for which system. */
export function packageAt(text: string, offset: number): TypedPackage | undefined {
  const { lines, index, column } = linesUpTo(text, offset);
  const line = lines[index];
  if (line?.key !== 'name' || column < line.valueColumn) return undefined;
  if (rowAt(lines, index)?.name !== 'Package') return undefined;
  const system = systemIn(text);
  if (system === undefined) return undefined;
  const from = offset - column + line.valueColumn;
  const rest = /^[^#\r\n]*/.exec(text.slice(offset))?.[0].trimEnd().length ?? 0;
  return { system, typed: text.slice(from, offset).replaceAll(/["']/g, ''), from, to: offset + rest };
}

/** What stands behind the colon, without quotation marks and comment. */
function valueIn({ text, valueColumn }: Line): string {
  const value = text
    .slice(valueColumn)
    .replace(/\s+#.*$/, '')
    .trim();
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

interface RowHere {
  readonly name: TemplateTypeName;
  /** Keys the object has already, with what is behind their colon. */
  readonly present: ReadonlyMap<string, string>;
  /** A list's item starts here: its dash is missing. */
  readonly needsDash: boolean;
}

/** The row of the object the key of a line is in. */
function rowAt(lines: readonly Line[], index: number): RowHere | undefined {
  const line = lines[index];
  if (line === undefined) return undefined;
  const path: string[] = [];
  const present = new Map<string, string>();
  let column = line.column;
  let dashed = line.hasDash;
  let atLevel = true;
  let needsDash = false;
  for (let i = index - 1; i >= 0 && column > 0; i--) {
    const above = lines[i];
    if (above === undefined || /^\s*(?:#|$)/.test(above.text)) continue;
    if (above.column === column && !dashed) {
      if (atLevel && above.key !== undefined) present.set(above.key, valueIn(above));
      dashed ||= above.hasDash;
    } else if (above.column < column && above.key !== undefined) {
      if (atLevel) needsDash = !dashed;
      path.unshift(above.key);
      column = above.column;
      dashed = above.hasDash;
      atLevel = false;
    }
  }
  for (let i = index + 1; i < lines.length; i++) {
    const below = lines[i];
    if (below === undefined || /^\s*(?:#|$)/.test(below.text)) continue;
    if (below.column < line.column || (below.column === line.column && below.hasDash)) break;
    if (below.column === line.column && below.key !== undefined) present.set(below.key, valueIn(below));
  }
  if (path.length === 0) {
    for (const [at, each] of lines.entries()) {
      if (at !== index && each.column === 0 && each.key !== undefined) present.set(each.key, '');
    }
    return line.column === 0 ? { name: 'Template', present, needsDash: false } : undefined;
  }
  let name: TemplateTypeName = 'Template';
  let isList = false;
  for (const key of path) {
    let type = fieldType(name, key);
    isList = false;
    while (Array.isArray(type)) {
      isList = true;
      type = type[0] as TemplateFieldType;
    }
    if (typeof type !== 'string' || !isRow(type)) return undefined;
    name = type;
  }
  return { name, present, needsDash: needsDash && isList };
}

/** The keys an object may have and does not yet, required ones first. */
export function keysInOrder(row: TemplateTypeName, present: ReadonlyMap<string, string>): readonly string[] {
  const { fields, required }: TemplateRow = templateTypes[row];
  const open = Object.keys(fields).filter((key) => !present.has(key));
  return [...open.filter((key) => required.includes(key)), ...open.filter((key) => !required.includes(key))];
}

/** One line on a key: `MB · required`. */
export function detailOf(row: TemplateTypeName, key: string): string {
  const parts = [templateDoc(row, key)?.unit ?? '', requiredIn(row, key) ? 'required' : ''];
  return parts.filter((part) => part !== '').join(' · ');
}

function keysOf(row: RowHere, from: number, to: number): readonly Completion[] {
  return keysInOrder(row.name, row.present).map((key) => ({
    label: key,
    kind: 'key' as const,
    detail: detailOf(row.name, key),
    documentation: templateDoc(row.name, key)?.text ?? '',
    insertText: `${row.needsDash ? '- ' : ''}${keySnippet(row.name, key, row.needsDash)}`,
    from,
    to,
  }));
}

/** The key with its example; a plain value is the place to fill in. */
function keySnippet(row: TemplateTypeName, key: string, inItem: boolean): string {
  const example = templateDoc(row, key)?.example;
  const type = fieldType(row, key);
  const values = type === undefined ? [] : valuesOf(row, key, type);
  if (values.length > 0) return `${key}: $0`;
  if (example === undefined) return `${key}: $0`;
  if (typeof example === 'object' && example !== null) {
    return escapeSnippet(blockOf(key, example).join(inItem ? '\n  ' : '\n'));
  }
  const value = blockOf(key, example)[0]?.slice(key.length + 2) ?? '';
  return `${key}: \${0:${escapeSnippet(value)}}`;
}

function valuesOf(row: TemplateTypeName, key: string, type: TemplateFieldType): readonly string[] {
  if (type === 'flag') return ['true', 'false'];
  if (typeof type === 'object' && 'values' in type && !Array.isArray(type)) {
    return (type as { readonly values: readonly string[] }).values;
  }
  if (row === 'Builder' && key === 'type') return targetFormats.map(({ name }) => name);
  const listed: Readonly<Record<string, readonly ['InstallProfile' | 'Partition' | 'Disk', string]>> = {
    'Installation.keyboard': ['InstallProfile', 'keyboard'],
    'Partition.fstype': ['Partition', 'fstype'],
    'LogicalVolume.fstype': ['Partition', 'fstype'],
    'Disk.name': ['Disk', 'name'],
  };
  const source = listed[`${row}.${key}`];
  return source === undefined ? [] : listedValues(...source);
}

export function fieldType(row: TemplateTypeName, key: string): TemplateFieldType | undefined {
  const { fields }: TemplateRow = templateTypes[row];
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function requiredIn(row: TemplateTypeName, key: string): boolean {
  const { required }: TemplateRow = templateTypes[row];
  return required.includes(key);
}

export function isRow(type: string): type is TemplateTypeName {
  return Object.hasOwn(templateTypes, type);
}

function linesUpTo(text: string, offset: number) {
  const lines = text.split(/\r\n|\n|\r/).map(toLine);
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return { lines, index: before.length - 1, column: before.at(-1)?.length ?? 0 };
}

function toLine(text: string): Line {
  const [all = '', indent = '', dashes = '', key] = shape.exec(text) ?? [];
  return {
    column: indent.length + dashes.length,
    hasDash: dashes !== '',
    key,
    valueColumn: all.length,
    text,
  };
}

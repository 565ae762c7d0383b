import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { templateDoc } from '../template/model/docs.ts';
import { blockOf } from '../template/model/insertKey.ts';
import { fieldType, isListType, isRow } from '../template/model/rows.ts';
import type { TemplateFieldType, TemplateTypeName } from '../template/model/types.ts';
import type { Range } from '../text/problem.ts';
import { sameQuotes } from '../yaml/sameQuotes.ts';
import { escapeSnippet, type Completion, type Explanation, type TypedPackage } from './completion.ts';
import { systemIn } from './serverValues.ts';
import {
  detailOf,
  docOf,
  explainKey,
  keysInOrder,
  likelyValues,
  valuesOf,
  type ObjectHere,
} from './templateKeys.ts';
import type { Part } from '../../uforge/language/sentence.ts';

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
): readonly Completion<Part>[] {
  const { lines, index, column } = linesUpTo(text, offset);
  const line = lines[index];
  if (line === undefined || /^\s*#/.test(line.text)) return [];
  const start = offset - column;
  const value = valueAt(lines, index, column);
  if (value !== undefined) {
    const { row, key, type, from, to } = value;
    if (row === undefined || type === undefined) return [];
    const quote = sameQuotes(text);
    const builders = lines.flatMap((each) => (each.key === 'type' ? [valueIn(each)] : []));
    return likelyValues(row, key, type, { text, builders, server }).map((label) => ({
      label,
      kind: 'value' as const,
      detail: key,
      documentation: '',
      insertText: escapeSnippet(quote(placeOf(index, from), label)),
      from: start + from,
      to: start + to,
    }));
  }
  const row = rowAt(lines, index);
  if (row === undefined) return [];
  return keysOf(row, start + Math.min(line.column, column), offset);
}

/** A value that is typed. */
interface ValueHere {
  readonly row: RowHere | undefined;
  readonly key: string;
  readonly type: TemplateFieldType | undefined;
  /** What it replaces, as columns. */
  readonly from: number;
  readonly to: number;
}

/** The value a column is in: what follows a key, one of a list in brackets, or one of a list with a line for each. */
function valueAt(lines: readonly Line[], index: number, column: number): ValueHere | undefined {
  const line = lines[index];
  if (line === undefined) return undefined;
  if (line.key === undefined) return line.hasDash ? itemAt(lines, index) : undefined;
  if (column < line.valueColumn) return undefined;
  const row = rowAt(lines, index);
  const type = row && fieldType(row.name, line.key);
  const before = line.text.slice(0, column);
  const bracket = before.indexOf('[', line.valueColumn);
  if (!isListType(type) || bracket < 0)
    return { row, key: line.key, type, from: line.valueColumn, to: endAfter(line.text, column, /[#\r\n]/) };
  const from = column - (/[^[\],\s]*$/.exec(before)?.[0].length ?? 0);
  return { row, key: line.key, type: type[0], from, to: endAfter(line.text, column, /[\],#]/) };
}

/** `- …` in a list of texts; nothing in one of objects, where it is a key that is typed. */
function itemAt(lines: readonly Line[], index: number): ValueHere | undefined {
  const line = lines[index];
  const dash = line?.text.indexOf('-') ?? 0;
  const above = lines.findLastIndex((each, i) => i < index && each.key !== undefined && each.column <= dash);
  const key = lines[above]?.key;
  const row = key === undefined ? undefined : rowAt(lines, above);
  const type = row && key !== undefined ? fieldType(row.name, key) : undefined;
  if (line === undefined || key === undefined || !isListType(type) || isRow(type[0])) return undefined;
  return { row, key, type: type[0], from: line.column, to: endAfter(line.text, line.column, /#/) };
}

/** Where what stands at a column ends: at one of those characters, or where only blanks follow. */
function endAfter(text: string, column: number, end: RegExp): number {
  const rest = text.slice(column);
  const at = rest.search(end);
  return column + (at < 0 ? rest : rest.slice(0, at)).trimEnd().length;
}

/** What the key at an offset means. */
export function explainYamlAt(text: string, offset: number): Explanation<Part> | undefined {
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

function placeOf(line: number, character: number): Range {
  return { start: { line, character }, end: { line, character } };
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
  return { ...system, typed: text.slice(from, offset).replaceAll(/["']/g, ''), from, to: offset + rest };
}

/** What stands behind the colon, without quotation marks and comment. */
function valueIn({ text, valueColumn }: Line): string {
  const value = text
    .slice(valueColumn)
    .replace(/\s+#.*$/, '')
    .trim();
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

interface RowHere extends ObjectHere {
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
    while (isListType(type)) {
      isList = true;
      type = type[0];
    }
    if (!isRow(type)) return undefined;
    name = type;
  }
  return { name, present, needsDash: needsDash && isList };
}

function keysOf(row: RowHere, from: number, to: number): readonly Completion<Part>[] {
  return keysInOrder(row.name, row.present).map((key) => ({
    label: key,
    kind: 'key' as const,
    detail: detailOf(row.name, key),
    documentation: docOf(row.name, key),
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

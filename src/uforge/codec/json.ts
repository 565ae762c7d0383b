import { UForgeError } from '../errors.ts';
import type { Bounds, InDocument, InNode, OutNode } from './tree.ts';
import { isRecord } from '../isRecord.ts';
import { messageOf } from '../messageOf.ts';

/**
 * How `xsi:type` is written in JSON. UForge's own way is not published; this one is ours, the others are
 * read.
 */
const typeKey = '@xsi.type';
const typeKeys: ReadonlySet<string> = new Set([typeKey, 'xsi.type', '@type', '$type', 'xsi:type']);

/**
 * Reads a JSON document: one object with one member, named as the root element. 64-bit integers stay exact.
 * Throws a `protocol` error for what is not JSON, not of that shape, or beyond the bounds.
 */
export function parseJson(text: string, bounds: Bounds): InDocument {
  if (text.length > bounds.maxLength) throw refused(`it has more than ${bounds.maxLength} characters.`);
  checkDepth(text, bounds.maxDepth);
  const parsed = parse(text);
  const members = isRecord(parsed) ? Object.entries(parsed) : [];
  const [root] = members;
  if (members.length !== 1 || !root) throw refused('it is not an object with one member, the root element.');
  return { root: root[0], namespace: undefined, node: toNode(root[1]) };
}

/** Prints a document: numbers and booleans native, a list as its wrapper with an array, even when empty. */
export function printJson(root: OutNode): string {
  return `{${JSON.stringify(root.name)}:${printValue(root)}}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''), keepLongs);
  } catch (error) {
    // V8 quotes the text around the mistake, which may be a secret: only what comes before that.
    const reason = messageOf(error);
    throw refused(`${reason.replace(/, (\.\.\.)?".*/s, '')}.`);
  }
}

/**
 * A reviver. Its third argument, the source text of a number, is ECMAScript 2026; Node and VS Code have it.
 */
function keepLongs(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const exact = typeof value !== 'number' || !Number.isInteger(value) || Number.isSafeInteger(value);
  return exact || !context?.source || !/^-?\d+$/.test(context.source) ? value : BigInt(context.source);
}

function toNode(value: unknown): InNode {
  if (!isRecord(value)) {
    return { type: undefined, nil: value === null, text: scalarText(value), children: new Map() };
  }
  let type: string | undefined;
  const children = new Map<string, InNode[]>();
  for (const [name, member] of Object.entries(value)) {
    if (typeKeys.has(name)) {
      if (typeof member === 'string') type = member.replace(/^.*[:.]/, '');
    } else {
      children.set(name, Array.isArray(member) ? member.map(toNode) : [toNode(member)]);
    }
  }
  return { type, nil: false, text: '', children };
}

function scalarText(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  return typeof value === 'string' ||
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    typeof value === 'boolean'
    ? String(value)
    : '';
}

function printValue(node: OutNode): string {
  const { content } = node;
  switch (content.kind) {
    case 'scalar':
      return content.bare ? content.text : JSON.stringify(content.text.toWellFormed());
    case 'list':
      return `{${JSON.stringify(content.item)}:[${content.items.map(printValue).join(',')}]}`;
    case 'object': {
      const members = content.children.map((child) => `${JSON.stringify(child.name)}:${printValue(child)}`);
      if (node.type !== undefined) members.unshift(`"${typeKey}":${JSON.stringify(node.type)}`);
      return `{${members.join(',')}}`;
    }
  }
}

/** Before `JSON.parse`, which would build whatever it is given. */
function checkDepth(text: string, maxDepth: number): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      depth++;
      if (depth > 2 * maxDepth) throw refused(`it is nested deeper than ${maxDepth}.`);
    } else if (character === '}' || character === ']') depth--;
  }
}

function refused(reason: string): UForgeError {
  return new UForgeError('protocol', `The JSON document was refused: ${reason}`);
}

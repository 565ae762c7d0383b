import { listedValues } from '../../uforge/schema/table.ts';
import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { targetFormats } from '../catalog/targetFormats.ts';
import { templateDoc } from '../template/model/docs.ts';
import { fieldType, rowOf } from '../template/model/rows.ts';
import {
  templateTypes,
  type TemplateFieldType,
  type TemplateRow,
  type TemplateTypeName,
} from '../template/model/types.ts';
import { timeZones } from '../catalog/timeZones.ts';
import { accountNames, formatNames, linkNames, systemValues } from './serverValues.ts';
import { asSentence, joined, sentence, type Part } from '../../uforge/language/sentence.ts';

/** An object of a template that something is typed in. */
export interface ObjectHere {
  readonly name: TemplateTypeName;
  /** Keys the object has already, with their values as far as they are plain. */
  readonly present: ReadonlyMap<string, string>;
}

/** The keys an object may have and does not yet, required ones first. */
export function keysInOrder(row: TemplateTypeName, present: ReadonlyMap<string, string>): readonly string[] {
  const { fields, required } = rowOf(row);
  const open = Object.keys(fields).filter((key) => !present.has(key));
  return [...open.filter((key) => required.includes(key)), ...open.filter((key) => !required.includes(key))];
}

/** One line on a key: `MB · required`. */
export function detailOf(row: TemplateTypeName, key: string): Part {
  const unit = templateDoc(row, key)?.unit === undefined ? [] : [sentence`MB`];
  return joined([...unit, ...(requiredIn(row, key) ? [sentence`required`] : [])], ' · ');
}

/** What a key means, in a sentence or two. */
export function docOf(row: TemplateTypeName, key: string): Part {
  const doc = templateDoc(row, key);
  return doc === undefined ? '' : asSentence(doc.text);
}

/** What a key means, in Markdown. */
export function explainKey(row: TemplateTypeName, key: string): Part | undefined {
  const doc = templateDoc(row, key);
  if (doc === undefined) return undefined;
  const type = fieldType(row, key);
  const values = type === undefined ? [] : valuesOf(row, key, type);
  const required = requiredIn(row, key) ? sentence` · required` : '';
  const unit = doc.unit === undefined ? '' : sentence` In **MB**: 1024 is one GB.`;
  const list = values.length === 0 ? '' : sentence`One of: ${values.join(', ')}`;
  const text = sentence`${asSentence(doc.text)}${unit}`;
  const parts = [sentence`**${key}**${required}`, text, list, whereUsed(row)];
  return joined(
    parts.filter((part) => part !== ''),
    '\n\n',
  );
}

/** The keys that hold such an object: `stack.installation`. */
function whereUsed(name: TemplateTypeName): Part {
  const rows = Object.entries<TemplateRow>(templateTypes);
  const keys = rows.flatMap(([owner, { fields }]) =>
    Object.entries(fields)
      .filter(([, type]) => (Array.isArray(type) ? type[0] === name : type === name))
      .map(([key]) => `\`${owner === 'Template' ? '' : `${keyOf(owner)}.`}${key}\``),
  );
  return keys.length === 0 ? '' : sentence`In ${keys.join(', ')}.`;
}

function keyOf(row: string): string {
  return row.slice(0, 1).toLowerCase() + row.slice(1);
}

/** Whether only a server knows what the values of a key are. */
export function isOnServer(row: TemplateTypeName, key: string): boolean {
  if (row === 'Os') return ['name', 'version', 'arch', 'profile'].includes(key);
  return (row === 'Builder' && key === 'type') || (row === 'BuilderAccount' && key === 'name');
}

/** What values are looked for in. */
interface Around {
  /** The template. */
  readonly text: string;
  /** Target formats that an account may be for. */
  readonly builders: readonly string[];
  readonly server: ServerKnowledge | undefined;
}

/** Whether the template itself has what a key may name. */
export function isOfTemplate(row: TemplateTypeName, key: string): boolean {
  return (row === 'Bond' && key === 'nics') || (row === 'Vlan' && key === 'on');
}

/** The values of the language; for names that only a server, or the template itself, knows, what that has. */
export function likelyValues(
  { name, present }: ObjectHere,
  key: string,
  type: TemplateFieldType,
  { text, builders, server }: Around,
): readonly string[] {
  if (isOfTemplate(name, key)) return linkNames(text, name === 'Vlan');
  if (name === 'Builder' && key === 'type') return formatNames(server);
  if (name === 'Os' && isOnServer(name, key)) return systemValues(server, key, present);
  if (name === 'Installation' && key === 'timezone') return timeZones();
  if (name === 'BuilderAccount' && key === 'name') {
    return accountNames(server, builders.length === 1 ? builders[0] : undefined);
  }
  return valuesOf(name, key, type);
}

/** What the language lets a key be, where that is a list. */
export function valuesOf(row: TemplateTypeName, key: string, type: TemplateFieldType): readonly string[] {
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

function requiredIn(row: TemplateTypeName, key: string): boolean {
  const { required } = rowOf(row);
  return required.includes(key);
}

import type { ServerKnowledge } from '../catalog/serverKnowledge.ts';
import { hardwareTypes } from '../catalog/targetFormats.ts';
import { childNamed, type XmlElement } from '../xml/element.ts';
import { timeZones } from '../catalog/timeZones.ts';
import { accountNames, formatNames } from './serverValues.ts';
import { lineageOf, valuesOf, type Owner } from './elementMeaning.ts';

/** What an element is likely to hold: the values of the schema; for names that only a server knows, what it has. */
export function likelyValues(
  owner: Owner,
  root: XmlElement,
  server: ServerKnowledge | undefined,
): readonly string[] {
  const { type, field } = owner;
  if (isFormatName(owner)) return formatNames(server);
  if (field.name === 'hwType') return hardwareTypes;
  if (field.name === 'timezone') return timeZones();
  if (field.name === 'name' && lineageOf(type).includes('CredAccount')) {
    const format = childNamed(root, 'targetFormat');
    return accountNames(server, format && childNamed(format, 'name')?.text);
  }
  return field.kind === 'scalar' ? valuesOf(type, field) : [];
}

/** Whether nothing but its likely values makes sense in an element. */
export function isChoice(owner: Owner): boolean {
  const { field } = owner;
  return (
    isFormatName(owner) || field.name === 'hwType' || (field.kind === 'scalar' && field.values !== undefined)
  );
}

function isFormatName({ type, field }: Owner): boolean {
  return type.name === 'TargetFormat' && field.name === 'name';
}

import type { BuiltIns, TypeName } from '../uforge/dto.ts';
import { isTypeName, type Field } from '../uforge/schema/table.ts';

/** Values a person would start with, by type and element; what is not here gets the simplest value of its kind. */
const examples: Readonly<Record<string, string>> = {
  'Image.compress': 'true',
  'Image.ebsVolumeSize': '8192',
  'Image.entrypoint': '["/bin/sh"]',
  'InstallProfile.memorySize': '1024',
  'InstallProfile.diskSize': '8192',
  'InstallProfile.swapSize': '1024',
  'InstallProfile.hwType': '7',
  'InstallProfile.keyboard': 'us',
  'InstallProfile.timezone': 'Europe/London',
  'TargetFormat.name': 'VirtualBox',
  'IPAddress.type': '4',
  'Nic.order': '1',
};

/** A value to start with for an element that holds one: `512`, `true`, or the first of a closed list. */
export function exampleValue(type: TypeName, field: Extract<Field, { kind: 'scalar' }>): string {
  return examples[`${type}.${field.name}`] ?? field.values?.[0] ?? simplest(field.type);
}

/** An element to start with, a line an array item. */
export function exampleElement(type: TypeName, field: Field): readonly string[] {
  const { name } = field;
  if (field.kind === 'scalar') return [`<${name}>${exampleValue(type, field)}</${name}>`];
  if (field.kind === 'object') return [`<${name}></${name}>`];
  const item = isTypeName(field.itemType) ? '' : simplest(field.itemType);
  return [`<${name}>`, `  <${field.item}>${item}</${field.item}>`, `</${name}>`];
}

function simplest(type: keyof BuiltIns): string {
  switch (type) {
    case 'boolean':
      return 'true';
    case 'int':
    case 'integer':
    case 'long':
    case 'float':
      return '1';
    case 'dateTime':
      return '2026-01-31T12:00:00Z';
    case 'string':
    case 'anyURI':
    case 'base64Binary':
      return '';
  }
}

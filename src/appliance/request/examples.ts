import type { BuiltIns, TypeName } from '../../uforge/dto.ts';
import { isTypeName, typeInfo, type Field } from '../../uforge/schema/table.ts';

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
  'Nic.name': 'eth0',
  'Nic.order': '1',
  'Nic.ipv4Method': 'AUTOMATIC',
  'Disk.name': 'sda',
  'Disk.size': '8192',
  'Partition.fstype': 'ext4',
  'Partition.mpoint': '/data',
  'Partition.size': '1024',
  'OSUser.name': 'admin',
  'OSGroup.name': 'staff',
  'SSHKey.name': 'admin',
  'SSHKey.publicKey': '',
};

/** Elements a new object starts with: those it must have, and those a person would give it first. */
export function isEssential(type: TypeName, field: Field): boolean {
  return field.required || Object.hasOwn(examples, `${type}.${field.name}`);
}

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

/** What items of a list are told apart by. */
const distinct: ReadonlySet<string> = new Set(['name', 'order', 'mpoint']);

/**
 * Another item of a list to start with, a line an array item. `taken`: the values that the items there are have in an
 * element.
 */
export function exampleItem(
  { item, itemType }: { readonly item: string; readonly itemType: string },
  taken: (name: string) => readonly string[],
): readonly string[] {
  if (!isTypeName(itemType)) return [`<${item}>${simplest(itemType as keyof BuiltIns)}</${item}>`];
  const inside = [...typeInfo(itemType).fields.values()].flatMap((field) => {
    if (field.kind !== 'scalar' || !isEssential(itemType, field)) return [];
    const { name, values } = field;
    const example = exampleValue(itemType, field);
    const value = distinct.has(name) ? another(example, taken(name), values) : example;
    return [`  <${name}>${value}</${name}>`];
  });
  return inside.length === 0 ? [`<${item}></${item}>`] : [`<${item}>`, ...inside, `</${item}>`];
}

/** A value that nothing has yet: the next number, the next of a closed list, `eth1` behind `eth0`, `admin2` behind `admin`. */
function another(example: string, taken: readonly string[], values: readonly string[] | undefined): string {
  if (values !== undefined) return values.find((value) => !taken.includes(value)) ?? example;
  if (/^\d+$/.test(example)) {
    const highest = Math.max(...taken.map(Number).filter(Number.isSafeInteger), Number(example) - 1);
    return String(highest + 1);
  }
  const [, stem = example, digits = ''] = /^(.*?)(\d*)$/.exec(example) ?? [];
  let value = example;
  for (let next = digits === '' ? 2 : Number(digits) + 1; taken.includes(value); next++)
    value = `${stem}${next}`;
  return value;
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

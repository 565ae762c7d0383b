import { fieldType, isListType, isRow } from './rows.ts';
import type { TemplatePath } from './path.ts';
import type { Template } from './template.ts';
import type { TemplateFieldType, TemplateTypeName } from './types.ts';

/**
 * Keys of the template language that are ours: UForge has none of them. By row and key of `templateTypes`, with the
 * value where only that one is ours; what is inside of one is ours, too. A server says which of them it knows.
 */
export const ourKeys: readonly string[] = [
  'BootScript.timeLimit',
  'BundleFile.network',
  'BundleFile.timeLimit',
  'Disk.type=gpt',
  'Installation.bonds',
  'Installation.caCertificates',
  'Installation.cloudInit',
  'Installation.cpus',
  'Installation.files',
  'Installation.hostname',
  'Installation.locale',
  'Installation.nameServers',
  'Installation.searchDomains',
  'Installation.services',
  'Installation.sysctl',
  'Installation.vlans',
  'Nic.routes',
  'Os.backports',
  'Os.components',
  'Os.debconf',
  'Os.recommends',
  'Os.repositories',
  'Os.withoutPkgs',
  'Package.backports',
  'Package.recommends',
  'Partition.mountOptions',
  'Partition.name',
  'RootUser.encrypted',
  'User.encrypted',
  'User.sudo',
];

/** A key of ours in a template. */
export interface OurKey {
  /** As in `ourKeys`. */
  readonly name: string;
  readonly path: TemplatePath;
}

/** The keys of ours that the stack of a template has, without those inside of others; builders are not pushed. */
export function ourKeysIn({ stack }: Template): readonly OurKey[] {
  return [...keysBelow(stack, 'Stack', ['stack'])];
}

/** The template without what is at these paths. */
export function withoutKeys(template: Template, keys: readonly OurKey[]): Template {
  const gone = new Set(keys.map(({ path }) => JSON.stringify(path)));
  const without = (value: unknown, path: TemplatePath): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => without(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).filter(([key]) => !gone.has(JSON.stringify([...path, key])));
    return Object.fromEntries(entries.map(([key, item]) => [key, without(item, [...path, key])]));
  };
  // All of them may be left out of their rows.
  return without(template, []) as Template;
}

function* keysBelow(value: unknown, type: TemplateFieldType, path: TemplatePath): Generator<OurKey> {
  if (Array.isArray(value)) {
    if (!isListType(type)) return;
    for (const [index, item] of value.entries()) yield* keysBelow(item, type[0], [...path, index]);
  } else if (isRow(type) && typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const at = [...path, key];
      const name = nameOf(type, key, item);
      const inner = fieldType(type, key);
      if (name !== undefined) yield { name, path: at };
      else if (inner !== undefined) yield* keysBelow(item, inner, at);
    }
  }
}

function nameOf(row: TemplateTypeName, key: string, value: unknown): string | undefined {
  const names = [`${row}.${key}`, `${row}.${key}=${typeof value === 'string' ? value : ''}`];
  return names.find((name) => ourKeys.includes(name));
}

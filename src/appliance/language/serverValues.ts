import { isList, isScalar, valueOf, type DataNode } from '../yaml/dataTree.ts';
import type { AskedSources } from '../catalog/packageRepositories.ts';
import type { ServerKnowledge, SystemName } from '../catalog/serverKnowledge.ts';
import type { TypedPackage } from './completion.ts';
import { targetFormatNamed, targetFormats } from '../catalog/targetFormats.ts';
import { readYaml } from '../yaml/tree.ts';

/** The names of the target formats: the server's own, else the documented ones. */
export function formatNames(server: ServerKnowledge | undefined): readonly string[] {
  return server?.formats ?? targetFormats.map(({ name }) => name);
}

/** Names of the cloud accounts that images of a target format can be published with. */
export function accountNames(server: ServerKnowledge | undefined, targetFormat?: string): readonly string[] {
  const platform = targetFormatNamed(targetFormat ?? '')?.platform;
  return (server?.accounts ?? [])
    .filter((each) => platform === undefined || each.platform === undefined || each.platform === platform)
    .map(({ name }) => name);
}

/** What the server has for a key of a template's `os`, given the other keys of it. */
export function systemValues(
  server: ServerKnowledge | undefined,
  key: string,
  os: ReadonlyMap<string, string>,
): readonly string[] {
  const fits = (each: SystemName, other: 'name' | 'version' | 'arch'): boolean => {
    const value = os.get(other);
    return key === other || value === undefined || value.toLowerCase() === each[other].toLowerCase();
  };
  const fitting = (server?.distributions ?? []).filter(
    (each) => fits(each, 'name') && fits(each, 'version') && fits(each, 'arch'),
  );
  const values = fitting.flatMap((each) => {
    if (key === 'name' || key === 'version' || key === 'arch') return each[key];
    return key === 'profile' ? (server?.profilesOf?.(each) ?? []) : [];
  });
  return [...new Set(values)];
}

/** The names of a template's cards, and of its bonds, too, as far as they have been typed. */
export function linkNames(text: string, withBonds: boolean): readonly string[] {
  const installation = valueOf(valueOf(readYaml(text).root, 'stack'), 'installation');
  const names = (key: string): (string | undefined)[] => {
    const list = valueOf(installation, key);
    return isList(list) ? list.items.map((item) => plainOf(valueOf(item, 'name'))) : [];
  };
  const cards = names('nics').map((name, index) => name ?? `eth${index}`);
  return [...cards, ...(withBonds ? names('bonds').flatMap((name) => name ?? []) : [])];
}

/** The system of a template and where it looks for packages, as far as it has been typed. */
export function systemIn(text: string): Pick<TypedPackage, 'system' | 'sources'> | undefined {
  const os = valueOf(valueOf(readYaml(text).root, 'stack'), 'os');
  const [name, version, arch] = ['name', 'version', 'arch'].map((key) => plainOf(valueOf(os, key)));
  return name === undefined || version === undefined || arch === undefined
    ? undefined
    : { system: { name, version, arch }, sources: sourcesIn(os) };
}

function sourcesIn(os: DataNode | undefined): AskedSources {
  const components = valueOf(os, 'components');
  const backports = valueOf(os, 'backports');
  return {
    components: isList(components) ? components.items.flatMap((item) => plainOf(item) ?? []) : undefined,
    backports: isScalar(backports) && backports.value === true,
  };
}

function plainOf(node: DataNode | undefined): string | undefined {
  const value = isScalar(node) ? node.value : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

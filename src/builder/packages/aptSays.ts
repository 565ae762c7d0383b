import { aptName } from '../../appliance/template/rules/wantedPackage.ts';
import { BuildError } from '../model.ts';
import { decodePercent } from '../../uforge/percent.ts';

/** A package apt decided on, and its file on the mirror as apt names it in its archive folder. */
export interface ResolvedPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly fileName: string;
  /** Of the file, in bytes. */
  readonly fileSize: number;
  /** Of the file, as the signed index says; empty for a package of a bundle. */
  readonly sha256: string;
  /** Its address, where that is in an archive that the template names; absent: it is the mirror's. */
  readonly from?: string;
  /** Absolute: a package of a bundle, which is here already. */
  readonly local?: string;
}

/** As apt calls it: with the architecture where that is not the image's. */
export function qualifiedName({ name, arch }: { readonly name: string; readonly arch: string }): string {
  return aptName({ name, ...(arch === 'i386' && { i386: true }) });
}

/** What apt would install. */
export interface Simulated {
  readonly packages: readonly ResolvedPackage[];
  readonly installedSize: number;
  readonly recommended: readonly string[];
}

/** `apt-cache madison`: `name | version | source`, newest first; versions by name. */
export function parseMadison(table: string): Map<string, string[]> {
  const versions = new Map<string, string[]>();
  for (const line of table.split('\n')) {
    const [name, version, source] = line.split('|').map((cell) => cell.trim());
    if (name === undefined || version === undefined || source?.endsWith(' Packages') !== true) continue;
    const known = versions.get(name) ?? [];
    if (!known.includes(version)) versions.set(name, [...known, version]);
  }
  return versions;
}

/**
 * `apt-cache showpkg`: who provides names, by those: lines `name version (= version)` under
 * `Reverse Provides:`.
 */
export function parseProviders(output: string): ReadonlyMap<string, readonly string[]> {
  const providers = new Map<string, string[]>();
  let name = '';
  let isProvider = false;
  for (const line of output.split('\n')) {
    const begun = /^Package: (\S+)/.exec(line)?.[1];
    if (begun !== undefined) name = begun;
    if (isProvider && begun === undefined && line !== '') {
      const known = providers.get(name) ?? [];
      const [provider = ''] = line.split(' ');
      if (!known.includes(provider)) providers.set(name, [...known, provider].sort());
    }
    isProvider = begun === undefined && (isProvider || line.startsWith('Reverse Provides:'));
  }
  return providers;
}

/** `apt-get install`: what replaces packages that are gone, by their names. */
export function parseReplacements(output: string): ReadonlyMap<string, readonly string[]> {
  const found = output.matchAll(
    /^Package (\S+) is not available.*(?:\n.+)*?\nHowever the following packages replace it:\n((?: .*\n?)+)/gm,
  );
  return new Map([...found].map(([, name = '', names = '']) => [name, names.trim().split(/\s+/)]));
}

/**
 * `apt-cache depends`: `  Recommends: name`, with `|` before it when the next line is an alternative to it, `<name>` where
 * no package has that name, and then those that provide it, further to the right.
 */
export function parseRecommendations(output: string): string[] {
  const chosen: string[] = [];
  let group: string[] = [];
  let goesOn = false;
  const choose = (): void => {
    if (group[0] !== undefined) chosen.push(group[0]);
    group = [];
  };
  for (const line of output.split('\n')) {
    const [, bar, name] = /^ ([ |])Recommends: (\S+)$/.exec(line) ?? [];
    const provider = /^ {4}(\S+)$/.exec(line)?.[1];
    if (name !== undefined) {
      if (!goesOn) choose();
      goesOn = bar === '|';
      if (!name.startsWith('<')) group.push(name);
    } else if (provider !== undefined) group.push(provider);
  }
  choose();
  return [...new Set(chosen)];
}

/**
 * Lines `'uri' name_version_arch.deb size SHA256:hash` of `apt-get --print-uris`, and the size it announces.
 * @throws {BuildError} when the index has a package without that hash
 */
export function parseSimulation(output: string): Simulated {
  const packages: ResolvedPackage[] = [];
  let installedSize = 0;
  for (const line of output.split('\n')) {
    const found = /^'([^']*)' (([^_\s]+)_([^_\s]+)_([^_\s]+)\.deb) (\d+)(?: SHA256:([0-9a-f]{64})$)?/.exec(
      line,
    );
    if (found !== null) {
      const [, uri = '', fileName = '', name = '', version = '', arch = '', fileSize, sha256 = ''] = found;
      const isLocal = uri.startsWith('file:');
      if (!isLocal && sha256 === '')
        throw new BuildError(`The mirror's index has no SHA-256 of ${fileName}.`);
      packages.push({
        name,
        version: decodePercent(version),
        arch,
        fileName,
        fileSize: Number(fileSize),
        sha256: isLocal ? '' : sha256,
        ...(isLocal ? { local: decodePercent(uri.slice('file:'.length)) } : { from: uri }),
      });
    }
    const size = /^After this operation, ([\d.,]+) ([kMGT]?)B of additional/.exec(line);
    if (size !== null) {
      const unit = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[size[2] as '' | 'k' | 'M' | 'G' | 'T'];
      installedSize = Number((size[1] ?? '0').replaceAll(',', '')) * unit;
    }
  }
  return { packages, installedSize, recommended: recommendedIn(output) };
}

/** Lines under `Recommended packages:`; alternatives have `|` between them, and a line may break there. */
function recommendedIn(output: string): string[] {
  const [, block = ''] = /^Recommended packages:\n((?: .*\n)*)/m.exec(output) ?? [];
  return block
    .trim()
    .replace(/\s*\|\s*/g, '|')
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name) => name.replaceAll('|', ' | '))
    .sort();
}

import { closest } from '../../appliance/text/suggest.ts';
import { basePackages, profilePackages } from '../plan/debian.ts';
import { BuildError } from '../model.ts';
import { decodePercent } from '../../uforge/percent.ts';
import type { Plan } from '../plan/plan.ts';
import type { WantedPackage } from '../plan/wantedPackage.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { matchingVersion } from './versions.ts';
import { systemPackages } from '../plan/systems.ts';

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
  /** Absolute: a package of a bundle, which is here already. */
  readonly local?: string;
}

/** Packages that bundles bring: files, and names where the archive has no file. */
export interface LocalPackages {
  readonly files: readonly string[];
  readonly wanted: readonly WantedPackage[];
}

/** What is asked of apt. */
export interface Wishes {
  readonly plan: Plan;
  readonly local: LocalPackages;
  /** What the options of the template need. */
  readonly needed: readonly string[];
  /** This build's: its lists say which state of the mirror is asked. */
  readonly aptFolder: string;
}

/** What will be in the image. */
export interface Resolution {
  /** The OS profile with kernel and essential packages: the base root. */
  readonly base: readonly ResolvedPackage[];
  /** What comes on top of it. */
  readonly extra: readonly ResolvedPackage[];
  /** Names the system and the OS profile's base consist of: what the base root is installed from. */
  readonly profile: readonly string[];
  /** Names the profile and the template ask for; all others are dependencies. */
  readonly requested: readonly string[];
  /** Bytes on the installed disk, as the packages say. */
  readonly installedSize: number;
}

const madison = 'APT_CONFIG="$APT/apt.conf" apt-cache madison -- $NAMES';

/** Says what it would download, which is everything: nothing is installed and the archive folder is empty. */
const simulate = `
APT_CONFIG="$APT/apt.conf" apt-get -q -y --print-uris install '?essential' -- $NAMES
`;

/** The scripts that decide: another one may decide otherwise. */
export const questions: readonly string[] = [madison, simulate];

/**
 * Decides on every package of the image before anything is downloaded. Throws a `BuildError` that names each
 * package or version the mirror does not have, or says what apt can't reconcile.
 */
export async function resolvePackages(
  { plan, local, needed, aptFolder }: Wishes,
  sandbox: Sandbox,
): Promise<Resolution> {
  const wanted = [...plan.packages, ...local.wanted];
  const versioned = await pinned(wanted, plan, aptFolder, sandbox);
  const standard = basePackages(plan.release);
  const added = [...profilePackages(plan.release, plan.profile).slice(standard.length), ...needed];
  const profile = [...standard, ...systemPackages(plan.system, plan.release)];
  const base = await simulated({ names: profile, local: [] }, aptFolder, sandbox);
  const more = [...added, ...versioned, ...local.files];
  const all =
    more.length === 0
      ? base
      : await simulated({ names: [...profile, ...more], local: local.files }, aptFolder, sandbox);
  const inBase = new Set(base.packages.map((pkg) => `${pkg.name}=${pkg.version}`));
  const extra = all.packages.filter((pkg) => !inBase.has(`${pkg.name}=${pkg.version}`));
  const brought = extra.filter((pkg) => pkg.local !== undefined).map(({ name }) => name);
  return {
    base: base.packages,
    extra,
    profile,
    requested: [...profile, ...added, ...wanted.map((pkg) => pkg.name), ...brought],
    installedSize: all.installedSize,
  };
}

/** The template's packages as apt wants them, `name` or `name=version`, after looking each of them up. */
async function pinned(
  wanted: readonly WantedPackage[],
  plan: Plan,
  aptFolder: string,
  sandbox: Sandbox,
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const names = [...new Set(wanted.map((pkg) => pkg.name))];
  const table = await sandbox.run(madison, {
    env: { APT: aptFolder, NAMES: names.join(' ') },
    writes: [aptFolder],
    capture: true,
  });
  const versions = parseMadison(table);
  const missing: string[] = [];
  const unknown: string[] = [];
  const result = wanted.map((pkg) => {
    const known = versions.get(pkg.name) ?? [];
    const chosen = pkg.version === undefined ? undefined : matchingVersion(pkg.version, known);
    if (known.length === 0) unknown.push(pkg.name);
    else if (pkg.version !== undefined && chosen === undefined) missing.push(missingVersion(pkg, known));
    return chosen === undefined ? pkg.name : `${pkg.name}=${chosen}`;
  });
  if (unknown.length > 0) missing.unshift(...(await withNearMisses(unknown, aptFolder, sandbox)));
  if (missing.length > 0) {
    const release = `Debian ${plan.release.version} (${plan.release.codename}, main)`;
    throw new BuildError(
      missing.length === 1
        ? `There is no package ${missing[0] ?? ''} in ${release}.`
        : `There are no such packages in ${release}: ${missing.join(', ')}.`,
      `Looked up at ${plan.mirror}: ${names.join(', ')}`,
    );
  }
  return result;
}

const allNames = 'APT_CONFIG="$APT/apt.conf" apt-cache pkgnames';

/** `“ngnix” (did you mean “nginx”?)` for each name. */
async function withNearMisses(
  unknown: readonly string[],
  aptFolder: string,
  sandbox: Sandbox,
): Promise<string[]> {
  const output = await sandbox.run(allNames, { env: { APT: aptFolder }, writes: [aptFolder], capture: true });
  const known = output.split('\n').filter((name) => name !== '');
  return unknown.map((name) => {
    const near = closest(name, known);
    return near === undefined ? `“${name}”` : `“${name}” (did you mean “${near}”?)`;
  });
}

function missingVersion(pkg: WantedPackage, known: readonly string[]): string {
  return `“${pkg.name}” in version ${pkg.version ?? ''} (there is ${known.join(', ')})`;
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

async function simulated(
  { names, local }: { readonly names: readonly string[]; readonly local: readonly string[] },
  aptFolder: string,
  sandbox: Sandbox,
): Promise<{ packages: ResolvedPackage[]; installedSize: number }> {
  const output = await sandbox.run(simulate, {
    env: { APT: aptFolder, NAMES: names.join(' ') },
    reads: local,
    writes: [aptFolder],
    capture: true,
  });
  return parseSimulation(output);
}

/**
 * Lines `'uri' name_version_arch.deb size SHA256:hash` of `apt-get --print-uris`, and the size it announces.
 * @throws {BuildError} when the index has a package without that hash
 */
export function parseSimulation(output: string): { packages: ResolvedPackage[]; installedSize: number } {
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
        ...(isLocal && { local: decodePercent(uri.slice('file:'.length)) }),
      });
    }
    const size = /^After this operation, ([\d.,]+) ([kMGT]?)B of additional/.exec(line);
    if (size !== null) {
      const unit = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }[size[2] as '' | 'k' | 'M' | 'G' | 'T'];
      installedSize = Number((size[1] ?? '0').replaceAll(',', '')) * unit;
    }
  }
  return { packages, installedSize };
}

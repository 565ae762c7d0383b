import { profilePackages } from '../debian.ts';
import { BuildError } from '../model.ts';
import type { Plan, WantedPackage } from '../plan.ts';
import type { Sandbox } from '../sandbox.ts';

/** A package apt decided on, and its file on the mirror as apt names it in its archive folder. */
export interface ResolvedPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
  readonly fileName: string;
  /** Of the file, in bytes. */
  readonly fileSize: number;
}

/** What will be in the image. */
export interface Resolution {
  /** The OS profile with kernel and essential packages: the base root. */
  readonly base: readonly ResolvedPackage[];
  /** What comes on top of it. */
  readonly extra: readonly ResolvedPackage[];
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

/**
 * Decides on every package of the image before anything is downloaded. Throws a `BuildError` that names each
 * package or version the mirror does not have, or says what apt can't reconcile.
 */
export async function resolvePackages(plan: Plan, aptFolder: string, sandbox: Sandbox): Promise<Resolution> {
  const wanted = await pinned(plan, aptFolder, sandbox);
  const profile = [...profilePackages, ...plan.system.packages];
  const base = await simulated(profile, aptFolder, sandbox);
  const all = wanted.length === 0 ? base : await simulated([...profile, ...wanted], aptFolder, sandbox);
  const inBase = new Set(base.packages.map((pkg) => `${pkg.name}=${pkg.version}`));
  return {
    base: base.packages,
    extra: all.packages.filter((pkg) => !inBase.has(`${pkg.name}=${pkg.version}`)),
    requested: [...profile, ...plan.packages.map((pkg) => pkg.name)],
    installedSize: all.installedSize,
  };
}

/** The template's packages as apt wants them, `name` or `name=version`, after looking each of them up. */
async function pinned(plan: Plan, aptFolder: string, sandbox: Sandbox): Promise<string[]> {
  if (plan.packages.length === 0) return [];
  const names = [...new Set(plan.packages.map((pkg) => pkg.name))];
  const table = await sandbox.run(madison, {
    env: { APT: aptFolder, NAMES: names.join(' ') },
    capture: true,
  });
  const versions = parseMadison(table);
  const missing: string[] = [];
  const result = plan.packages.map((pkg) => {
    const known = versions.get(pkg.name) ?? [];
    const chosen = pkg.version === undefined ? undefined : matchingVersion(pkg.version, known);
    if (known.length === 0) missing.push(`“${pkg.name}”`);
    else if (pkg.version !== undefined && chosen === undefined) missing.push(missingVersion(pkg, known));
    return chosen === undefined ? pkg.name : `${pkg.name}=${chosen}`;
  });
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

function missingVersion(pkg: WantedPackage, known: readonly string[]): string {
  return `“${pkg.name}” in version ${pkg.version ?? ''} (there is ${known.join(', ')})`;
}

/** The exact version, else the newest with that upstream version: 1.22.1 is Debian's 1.22.1-9+deb12u4. */
export function matchingVersion(wanted: string, known: readonly string[]): string | undefined {
  return (
    known.find((version) => version === wanted || version.replace(/^\d+:/, '') === wanted) ??
    known.find((version) => version.replace(/^\d+:/, '').replace(/-[^-]*$/, '') === wanted)
  );
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
  names: readonly string[],
  aptFolder: string,
  sandbox: Sandbox,
): Promise<{ packages: ResolvedPackage[]; installedSize: number }> {
  const output = await sandbox.run(simulate, {
    env: { APT: aptFolder, NAMES: names.join(' ') },
    capture: true,
  });
  return parseSimulation(output);
}

/** Lines `'uri' name_version_arch.deb size hash` of `apt-get --print-uris`, and the size it announces. */
export function parseSimulation(output: string): { packages: ResolvedPackage[]; installedSize: number } {
  const packages: ResolvedPackage[] = [];
  let installedSize = 0;
  for (const line of output.split('\n')) {
    const found = /^'[^']*' (([^_\s]+)_([^_\s]+)_([^_\s]+)\.deb) (\d+)/.exec(line);
    if (found !== null) {
      const [, fileName = '', name = '', version = '', arch = '', fileSize] = found;
      packages.push({
        name,
        version: decodeURIComponent(version),
        arch,
        fileName,
        fileSize: Number(fileSize),
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

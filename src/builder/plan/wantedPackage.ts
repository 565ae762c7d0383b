import { shortened } from '../../appliance/template/rules/paths.ts';

/** A package the template names; `version` as Debian writes it, with or without its revision. */
export interface WantedPackage {
  readonly name: string;
  readonly version?: string;
}

/** `release` is the Debian revision: version 1.22.1 and release 9 are Debian's 1.22.1-9. */
export function wantedPackage(pkg: {
  name?: string;
  fullName?: string;
  version?: string;
  release?: string;
}): WantedPackage {
  const name = pkg.name ?? pkg.fullName ?? '';
  if (pkg.version === undefined) return { name };
  return { name, version: pkg.release === undefined ? pkg.version : `${pkg.version}-${pkg.release}` };
}

/**
 * Why apt is not asked for it, as a sentence without its end (Debian policy 5.6.1 and 5.6.12): it gets names in one line
 * and would take a path for a file of this computer.
 */
export function packageProblem({ name, version }: WantedPackage): string | undefined {
  if (!/^[a-z0-9][a-z0-9+.-]*$/.test(name)) return `“${shortened(name)}” is not the name of a Debian package`;
  if (version !== undefined && !/^[A-Za-z0-9.+:~-]+$/.test(version)) {
    return `“${shortened(version)}” is not a Debian version`;
  }
  return undefined;
}

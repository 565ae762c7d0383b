import type { Package } from '../model/template.ts';
import { shortened } from './paths.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** A package the template names; `version` as Debian writes it, with or without its revision. */
export interface WantedPackage {
  readonly name: string;
  readonly version?: string;
  /** With what it recommends. */
  readonly recommends?: true;
  /** From the backports. */
  readonly backports?: true;
  /** Beside the amd64 one, or without it (multiarch). */
  readonly i386?: true;
}

/** `release` is the Debian revision: version 1.22.1 and release 9 are Debian's 1.22.1-9. */
export function wantedPackage(pkg: Package): WantedPackage {
  const { name, fullName, version, release, recommends, backports, arch } = pkg;
  return {
    name: name ?? fullName ?? '',
    ...(version !== undefined && { version: release === undefined ? version : `${version}-${release}` }),
    ...(recommends === true && { recommends }),
    ...(backports === true && { backports }),
    ...(isI386(arch) && { i386: true }),
  };
}

/** What architectures of packages are called that the builder has: its own, that of the computers before, none. */
export function isKnownArchitecture(arch: string): boolean {
  return ['amd64', 'x86_64', 'all', 'noarch'].includes(arch) || isI386(arch);
}

export function isI386(arch: string | undefined): boolean {
  return arch !== undefined && /^i[3-6]86$/.test(arch);
}

/** As apt calls a package: its own architecture's without saying so. */
export function aptName({ name, i386 }: Pick<WantedPackage, 'name' | 'i386'>): string {
  return i386 === true ? `${name}:i386` : name;
}

/**
 * Why apt is not asked for it, as a sentence without its end (Debian policy 5.6.1 and 5.6.12): it gets names in one line
 * and would take a path for a file of this computer.
 */
export function packageProblem({ name, version }: WantedPackage): Sentence | undefined {
  if (!/^[a-z0-9][a-z0-9+.-]*$/.test(name))
    return sentence`“${shortened(name)}” is not the name of a Debian package`;
  if (version !== undefined && !/^[A-Za-z0-9.+:~-]+$/.test(version)) {
    return sentence`“${shortened(version)}” is not a Debian version`;
  }
  return undefined;
}

import type { Dto } from '../../../uforge/dto.ts';
import { type CataloguePackage, splitVersion } from '../../../builder/index.ts';

export type Pkg = Dto<'Pkg'>;

/** As it is searched: what a package provides has no place in an answer. */
export type ListedPkg = Pkg & Pick<CataloguePackage, 'provides'>;

/**
 * Lists of packages as DTOs: of some 60,000 that are searched more often than they change, each is made once.
 */
export class PackageLists {
  readonly #made = new WeakMap<readonly CataloguePackage[], readonly ListedPkg[]>();

  of(packages: readonly CataloguePackage[], distribution: string): readonly ListedPkg[] {
    const listed = (each: CataloguePackage): ListedPkg => {
      return { ...pkgOf(each, distribution), provides: each.provides };
    };
    const pkgs = this.#made.get(packages) ?? packages.map(listed);
    this.#made.set(packages, pkgs);
    return pkgs;
  }
}

/** A package of the mirror. `distribution` is the URI of the one that has it. */
export function pkgOf(
  { id, name, version, arch, size, repository, listed }: CataloguePackage,
  distribution: string,
): Pkg {
  return {
    dbId: id,
    size,
    arch,
    fullName: fullNameOf(name, version, arch),
    name,
    parentUri: distribution,
    pkgBuildDate: listed,
    repositoryName: repository,
    type: 'DEB',
    uri: `${distribution}/pkgs/${id}`,
    ...splitVersion(version),
  };
}

/** As the file of the package is called (deb-version(7): without the epoch). */
function fullNameOf(name: string, version: string, arch: string): string {
  return `${name}_${version.replace(/^\d+:/, '')}_${arch}.deb`;
}

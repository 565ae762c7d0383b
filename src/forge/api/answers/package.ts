import type { Dto } from '../../../uforge/dto.ts';
import { type CataloguePackage, splitVersion } from '../../../builder/index.ts';

export type Pkg = Dto<'Pkg'>;

const presented = new WeakMap<readonly CataloguePackage[], readonly Pkg[]>();

/** All of a list, which is searched more often than it changes: made once. */
export function pkgsOf(packages: readonly CataloguePackage[], distribution: string): readonly Pkg[] {
  const pkgs = presented.get(packages) ?? packages.map((each) => pkgOf(each, distribution));
  presented.set(packages, pkgs);
  return pkgs;
}

/** A package of the mirror. `distribution` is the URI of the one that has it. */
export function pkgOf({ id, name, version, arch, size }: CataloguePackage, distribution: string): Pkg {
  return {
    dbId: id,
    size,
    arch,
    name,
    parentUri: distribution,
    type: 'DEB',
    uri: `${distribution}/pkgs/${id}`,
    ...splitVersion(version),
  };
}

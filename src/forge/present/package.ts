import type { Dto } from '../../uforge/dto.ts';
import type { CataloguePackage } from '../build/packages/catalogue.ts';
import { splitVersion } from '../build/packages/installed.ts';

export type Pkg = Dto<'Pkg'>;

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

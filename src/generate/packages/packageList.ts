import type { ImagePkg } from '../../uforge/dto.ts';

/** A package of an image, as lists and bills of materials need it. */
export interface ListedPackage {
  readonly name: string;
  /** With its release, as Debian writes it. */
  readonly version: string;
  readonly arch: string;
  /** `DEB` or `RPM`, as the server says. */
  readonly type: string;
  readonly size?: number;
}

/** The packages of a `machineImagePkg_getAll`, by name: the same system always gives the same list. */
export function listedPackages(imagePkgs: readonly ImagePkg[]): readonly ListedPackage[] {
  const packages = imagePkgs.flatMap(({ pkg }): ListedPackage[] => {
    if (pkg?.name === undefined) return [];
    const { name, version = '', release = '', arch = '', type = '', size } = pkg;
    return [
      {
        name,
        version: release === '' ? version : `${version}-${release}`,
        arch,
        type,
        ...(size !== undefined && { size: Number(size) }),
      },
    ];
  });
  return packages.toSorted((a, b) => order(a.name, b.name) || order(a.arch, b.arch));
}

/** One line a package, so that a comparison shows what came, went and changed; below them those that are left out. */
export function packageText(
  packages: readonly ListedPackage[],
  leftOut: { readonly title: string; readonly names: readonly string[] },
): string {
  const lines = packages.map(({ name, version, arch }) => `${name} ${version} ${arch}`.trimEnd());
  const more = leftOut.names.length === 0 ? [] : ['', leftOut.title, ...leftOut.names.toSorted(order)];
  return [...lines, ...more].join('\n');
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

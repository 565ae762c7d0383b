import type { Os, Package } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import type { CataloguePackage } from '../../../builder/index.ts';
import { distributionOfOs, standardPackages } from '../../api/answers/distribution.ts';
import { pkgOf, type Pkg } from '../../api/answers/package.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { compact, idOfName, unlessEmpty, type Problems } from './dtoFields.ts';

export type Packages = Dto<'PkgList'>;

/**
 * The packages of an appliance's OS profile: those a template adds (`stack.os.pkgs`), then those of the
 * standard profile (`default`). One that has no version of its own is shown as the newest of the mirror,
 * without a catalogue by its name only.
 * @param latest the newest version of each package
 */
export function packagesOfProfile(os: Os, uri: string, latest: readonly CataloguePackage[]): readonly Pkg[] {
  const newest = new Map(latest.map((each) => [each.name, each]));
  const distribution = distributionOfOs(os)?.uri ?? '';
  const show = (name: string): Pkg => {
    const found = newest.get(name);
    return found
      ? pkgOf(found, distribution)
      : {
          dbId: idOfName('package', name),
          fullName: name,
          name,
          size: 0,
          type: 'DEB',
          uri: `${uri}/pkgs/${idOfName('package', name)}`,
        };
  };
  const added = (os.pkgs ?? []).map((pkg): Pkg => {
    const name = nameOf(pkg);
    const shown = show(name);
    if (pkg.version === undefined) return { ...shown, default: false, sticky: false };
    const { fullName, version, release, arch } = pkg;
    const pinned = compact<Pkg>({ arch, fullName, name, release, version });
    return { ...withoutVersion(shown), ...pinned, default: false, sticky: true };
  });
  const names = new Set(added.map(({ name }) => name));
  const standard = standardPackages(os).filter((name) => !names.has(name));
  return [...added, ...standard.map((name): Pkg => ({ ...show(name), default: true, sticky: false }))];
}

/**
 * Takes packages away and adds others. `pkgs` is the whole list, as it was read. A package is added by its
 * name: its newest version will be installed, unless it comes in `pkgs` with a version and is not said not to
 * be `sticky`.
 */
export function readPackages(
  dto: Packages,
  os: Os,
  uri: string,
  catalogue: readonly CataloguePackage[],
  problems: Problems,
): Os {
  const path = 'packages';
  const standard = standardPackages(os);
  const nameAt = (at: string, field: string): string | undefined => {
    const id = /\/pkgs\/(\d+)$/.exec(at)?.[1];
    const names = [...(os.pkgs ?? []).map(nameOf), ...standard];
    const found =
      catalogue.find((each) => String(each.id) === id)?.name ??
      names.find((name) => String(idOfName('package', name)) === id);
    if (found === undefined)
      problems.push(
        sentence`${path}/${field}: “${at}” is no package of ${distributionOfOs(os)?.uri ?? 'the distribution'}`,
      );
    return found;
  };
  let pkgs = dto.pkgs === undefined ? (os.pkgs ?? []) : readList(dto.pkgs, os, problems);
  for (const at of dto.deletedPkgUris ?? []) {
    const name = nameAt(at, 'deletedPkgUris');
    if (name === undefined) continue;
    if (pkgs.some((pkg) => nameOf(pkg) === name)) pkgs = pkgs.filter((pkg) => nameOf(pkg) !== name);
    else if (standard.includes(name))
      problems.push(sentence`${path}/deletedPkgUris: ${name} is part of the profile`);
    else problems.push(sentence`${path}/deletedPkgUris: the appliance does not have ${name}`);
  }
  for (const at of dto.addedPkgUris ?? []) {
    const name = nameAt(at, 'addedPkgUris');
    if (name !== undefined && !pkgs.some((pkg) => nameOf(pkg) === name)) pkgs = [...pkgs, { name }];
  }
  return compact<Os>({ ...os, pkgs: unlessEmpty(pkgs) });
}

function readList(dtos: readonly Pkg[], os: Os, problems: Problems): readonly Package[] {
  const standard = standardPackages(os);
  const given = new Set(dtos.map(({ name }) => name));
  for (const name of standard.filter((each) => !given.has(each))) {
    // A list of what is to be added names none of them; one that was read and sent back names them all.
    if (standard.some((each) => given.has(each)))
      problems.push(sentence`packages/pkgs: ${name} is part of the profile`);
  }
  return dtos.flatMap((dto, index): Package[] => {
    const { name = dto.fullName, version, release, arch } = dto;
    if (name === undefined || name === '') {
      problems.push(sentence`packages/pkgs[${index}]/name is missing`);
      return [];
    }
    const kept = os.pkgs?.find((pkg) => nameOf(pkg) === name);
    const isPinned = dto.sticky === true || (dto.sticky === undefined && version !== undefined);
    if (kept === undefined && standard.includes(name) && !isPinned) return [];
    if (isPinned && version === undefined)
      problems.push(sentence`packages/pkgs[${index}]/version: a sticky package needs one`);
    const named = kept
      ? compact<Package>({ ...kept, version: undefined, release: undefined, arch: undefined })
      : { name };
    if (!isPinned) return [kept?.version === undefined ? (kept ?? named) : named];
    return [compact<Package>({ ...named, version, release, arch })];
  });
}

function nameOf(pkg: Package): string {
  return pkg.name ?? pkg.fullName ?? '';
}

function withoutVersion(pkg: Pkg): Pkg {
  return compact<Pkg>({
    ...pkg,
    version: undefined,
    release: undefined,
    arch: undefined,
    epoch: undefined,
    fullName: undefined,
    pkgBuildDate: undefined,
    size: undefined,
  });
}

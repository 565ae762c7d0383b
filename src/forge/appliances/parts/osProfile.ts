import type { Os } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import {
  distributionAt,
  distributionOfOs,
  profilesOf,
  type OsProfile,
} from '../../api/answers/distribution.ts';
import { sentence } from '../../../uforge/language/sentence.ts';
import { compact, refuseOthers, type Problems } from './dtoFields.ts';

/**
 * The OS profile of an appliance, which a template names in `stack.os.profile`; undefined where it names
 * none.
 */
export function osProfileOf(os: Os, uri: string, applianceUri: string, aid: number): OsProfile | undefined {
  if (os.profile === undefined) return undefined;
  const distribution = distributionOfOs(os);
  const standard = distribution && profilesOf(distribution).find((each) => sameName(each.name, os.profile));
  return compact<OsProfile>({
    $type: 'LinuxProfile',
    dbId: aid,
    active: true,
    applianceUri,
    arch: os.arch,
    description: standard?.description,
    distributionUri: distribution?.uri,
    name: os.profile,
    size: 0,
    standardProfileUri: standard?.uri,
    uri,
    version: os.version,
    distributionPackagesUri: distribution?.basePkgsUri,
    packagesUri: `${uri}/pkgs`,
  });
}

/** Gives an appliance its OS profile: a standard one, by its URI or its name. */
export function readOsProfile(dto: Dto<'DistribProfile'>, os: Os, problems: Problems): Os {
  const path = 'distribProfile';
  const known = ['name', 'abbreviation', 'active', 'arch', 'description', 'installedSize', 'version'];
  refuseOthers(dto, path, known, problems);
  if (dto.$type === 'WindowsProfile') problems.push(sentence`${path}: the local forge has no Windows`);
  const distribution = distributionOfOs(os);
  if (distribution === undefined) {
    problems.push(sentence`${path}: the local forge has no ${os.name} ${os.version} for ${os.arch}`);
    return os;
  }
  const profiles = profilesOf(distribution);
  const names = profiles.map(({ name }) => name).join(', ');
  const { standardProfileUri: uri, name } = dto;
  const isOther = uri !== undefined && uri !== '' && distributionAt(uri)?.uri !== distribution.uri;
  if (isOther)
    problems.push(sentence`${path}/standardProfileUri: “${uri}” is no profile of ${distribution.uri ?? ''}`);
  const id = /\/profiles\/(\d+)$/.exec(uri ?? '')?.[1];
  const standard = profiles.find((each) =>
    id === undefined ? sameName(each.name, name) : String(each.dbId) === id,
  );
  if (standard === undefined) {
    problems.push(
      sentence`${path}: ${uri ?? name ?? 'neither standardProfileUri nor name'} is none of the profiles of ${distribution.uri ?? ''}: ${names}`,
    );
    return os;
  }
  if (name !== undefined && name !== '' && !sameName(name, standard.name)) {
    problems.push(sentence`${path}/name: the profile ${standard.uri ?? ''} is called ${standard.name ?? ''}`);
  }
  return compact<Os>({ ...os, profile: standard.name });
}

/** Without its profile an appliance has none of the packages that were added to it. */
export function withoutOsProfile(os: Os): Os {
  return compact<Os>({ ...os, profile: undefined, pkgs: undefined, updateTo: undefined });
}

function sameName(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase();
}

import type { Os } from '../../../appliance/template/model/template.ts';
import type { Dto } from '../../../uforge/dto.ts';
import { debianReleases, type DebianRelease } from '../../../appliance/catalog/debianReleases.ts';
import {
  debianRelease,
  osProfileOf,
  osProfiles,
  profilePackages,
  type OsProfile as ProfileName,
} from '../../../builder/index.ts';

export type Distribution = Dto<'Distribution'>;
export type OsProfile = Dto<'LinuxProfile'>;

/** The distributions images are built of. Their ids are the Debian versions: ours. */
export function distributions(): Distribution[] {
  return debianReleases.map(distributionOf);
}

function distributionOf({ version, codename }: DebianRelease): Distribution {
  const uri = `distributions/${version}`;
  return {
    dbId: Number(version),
    active: true,
    arch: 'x86_64',
    basePkgsUri: `${uri}/pkgs`,
    baseProfilesUri: `${uri}/profiles`,
    description: `Debian ${version} (${codename}), main`,
    family: 'linux',
    name: 'Debian',
    pkgType: 'DEB',
    profileUris: osProfiles.map((_name, index) => `${uri}/profiles/${index + 1}`),
    uri,
    version,
    visible: true,
  };
}

/** The distribution a template names; undefined for one the forge does not build. */
export function distributionOfOs(os: Os): Distribution | undefined {
  const release = debianRelease(os);
  return typeof release === 'string' ? undefined : distributionOf(release);
}

/** The distribution a URI means, also in the singular, as UForge's guide writes it once. */
export function distributionAt(uri: string): Distribution | undefined {
  const id = /(?:^|\/)distributions?\/(\d+)(?:\/|$)/.exec(uri)?.[1];
  return distributions().find(({ dbId }) => String(dbId) === id);
}

const profiles: Readonly<Record<ProfileName, { name: string; abbreviation: string; about: string }>> = {
  minimal: { name: 'Minimal', abbreviation: 'min', about: 'Essential packages, a kernel' },
  server: { name: 'Server', abbreviation: 'srv', about: 'What one logs in to and looks after: Minimal' },
};

/** The profiles of a distribution. Their ids are their places in the list: ours. */
export function profilesOf({ uri = '', version }: Distribution): readonly OsProfile[] {
  return osProfiles.map((profile, index) => {
    const { name, abbreviation, about } = profiles[profile];
    return {
      $type: 'LinuxProfile',
      dbId: index + 1,
      abbreviation,
      active: true,
      arch: 'x86_64',
      description: `${about} and: ${packagesOwn(profile, version).join(', ')}`,
      distributionUri: uri,
      name,
      uri: `${uri}/profiles/${index + 1}`,
      ...(version !== undefined && { version }),
    };
  });
}

/** The packages a template's profile brings; those of Minimal where it names none the forge has. */
export function standardPackages(os: Os): readonly string[] {
  const release = debianRelease(os);
  return typeof release === 'string' ? [] : profilePackages(release, osProfileOf(os.profile) ?? 'minimal');
}

function packagesOwn(profile: ProfileName, version = ''): readonly string[] {
  const release = debianReleases.find((each) => each.version === version);
  if (release === undefined) return [];
  const minimal = profilePackages(release, 'minimal');
  return profile === 'minimal' ? minimal : profilePackages(release, profile).slice(minimal.length);
}

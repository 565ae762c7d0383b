import type { Os } from '../../appliance/template.ts';
import type { Dto } from '../../uforge/dto.ts';
import { debianRelease, debianReleases, profilePackages, type DebianRelease } from '../build/debian.ts';

export type Distribution = Dto<'Distribution'>;
export type OsProfile = Dto<'LinuxProfile'>;

/** The distributions images are built of. Their ids are the Debian versions: ours. */
export function distributions(): Distribution[] {
  return debianReleases.map(distributionOf);
}

export function distributionOf({ version, codename }: DebianRelease): Distribution {
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
    profileUris: [`${uri}/profiles/1`],
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

/** The one profile there is: whatever else a template names is built as Minimal. */
export function profilesOf({ uri = '', version }: Distribution): readonly OsProfile[] {
  return [
    {
      $type: 'LinuxProfile',
      dbId: 1,
      abbreviation: 'min',
      active: true,
      arch: 'x86_64',
      description: `Essential packages, a kernel and: ${profilePackages.join(', ')}`,
      distributionUri: uri,
      name: 'Minimal',
      uri: `${uri}/profiles/1`,
      ...(version !== undefined && { version }),
    },
  ];
}

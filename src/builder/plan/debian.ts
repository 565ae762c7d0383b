import { unreleased, type DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import { distributions, packagesOfProfile, type OsProfile } from './distributions.ts';

/** What a template's `os` means here, or a sentence that says why not. */
export function debianRelease(os: { name: string; version: string; arch: string }): DebianRelease | string {
  const versions = distributions.flatMap(({ name, releases }) =>
    releases.map((each) => `${name} ${each.version}`),
  );
  const sorted = versions.toSorted();
  const known = `${sorted.slice(0, -1).join(', ')} and ${sorted.at(-1) ?? ''}`;
  const wanted = `${os.name} ${os.version} ${os.arch}`;
  const distribution = distributions.find(({ name }) => name.toLowerCase() === os.name.toLowerCase());
  const is64Bit = ['x86_64', 'amd64'].includes(os.arch.toLowerCase());
  const release = distribution?.releases.find((each) => isCalled(each, os.version));
  if (is64Bit && release !== undefined) return release;
  const changing = distribution?.name === 'Debian' && unreleased.some((each) => isCalled(each, os.version));
  const why = changing ? ', which is not released and another one every day' : '';
  return `stack.os is ${wanted}${why}; the local forge builds ${known} for x86_64 (amd64)`;
}

function isCalled({ version, codename }: DebianRelease, name: string): boolean {
  return name.toLowerCase() === codename || name.split('.')[0]?.toLowerCase() === version;
}

/** The packages of the Minimal profile, which the base root is made of. */
export function basePackages(release: DebianRelease): readonly string[] {
  return packagesOfProfile(release, 'minimal');
}

export const osProfiles: readonly OsProfile[] = ['minimal', 'server'];

/** All packages of a profile. */
export function profilePackages(release: DebianRelease, profile: OsProfile): readonly string[] {
  return [...basePackages(release), ...(profile === 'server' ? packagesOfProfile(release, profile) : [])];
}

/** The profile of that name, without regard to case. */
export function osProfileOf(name: string | undefined): OsProfile | undefined {
  return osProfiles.find((profile) => profile === name?.toLowerCase());
}

import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { TemplatePath } from '../../appliance/template/model/path.ts';
import type { Os } from '../../appliance/template/model/template.ts';
import { closest, didYouMean } from '../../appliance/text/suggest.ts';
import { osProfileOf, profilePackages } from '../plan/debian.ts';
import { componentsOf, distributionOfRelease, hasBackports } from '../plan/distributions.ts';

/** What a release does not have of what `stack.os` asks for; paths begin below that. */
export function packageSourceProblems(
  { components = [], backports, profile, withoutPkgs = [] }: Os,
  release: DebianRelease,
): { readonly path: TemplatePath; readonly says: string }[] {
  const { name, withKernel, indispensable } = distributionOfRelease(release);
  const called = `${name} ${release.version}`;
  const has = componentsOf(release);
  const known = [...profilePackages(release, osProfileOf(profile) ?? 'minimal'), ...withKernel];
  return [
    ...components.flatMap((component, index) =>
      has.includes(component.toLowerCase())
        ? []
        : [{ path: ['components', index], says: `“${component}”: ${called} has ${has.join(', ')}` }],
    ),
    ...(backports === true && !hasBackports(release)
      ? [{ path: ['backports'], says: `is true, and mirrors have no backports of ${called} any more` }]
      : []),
    ...withoutPkgs.flatMap((pkg, index) => {
      const path = ['withoutPkgs', index];
      if (indispensable.includes(pkg)) return [{ path, says: `“${pkg}”: no image is built without it` }];
      const suggestion = String(didYouMean(closest(pkg, known)));
      return known.includes(pkg)
        ? []
        : [{ path, says: `“${pkg}” is no package of the profile.${suggestion}` }];
    }),
  ];
}

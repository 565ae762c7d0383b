import type { DebianRelease } from '../../appliance/catalog/debianReleases.ts';
import type { Os, Repository } from '../../appliance/template/model/template.ts';
import { componentsOf, distributionOfRelease, hasBackports } from './distributions.ts';

/** What a line of apt's sources says. */
export interface Source {
  /** Without a slash at its end. */
  readonly url: string;
  /** Ends with `/` where the archive is flat: a folder of packages, without suites and components. */
  readonly suite: string;
  readonly components: readonly string[];
  /** A snapshot's lists have run out. */
  readonly isOld?: boolean;
}

/** An apt archive that a template names. */
export interface PlannedRepository {
  /** Also that of its files in the image. */
  readonly name: string;
  readonly source: Source;
  /** The public key its lists are signed with: ASCII armour. */
  readonly key: string;
  /** How its packages rank (apt_preferences(5)); absent: as all others. */
  readonly priority: number | undefined;
}

/** Where packages come from besides the release's `main`. */
export interface PlannedSources {
  readonly components: readonly string[];
  readonly backports: boolean;
  readonly repositories: readonly PlannedRepository[];
}

const firstComponent = 'main';

/** What `stack.os` says of it. */
export function planSources({ components = [], backports = false, repositories = [] }: Os): PlannedSources {
  return {
    components: [...new Set([firstComponent, ...components.map((name) => name.toLowerCase())])],
    backports,
    repositories: repositories.map(plannedRepository),
  };
}

function plannedRepository({ name, url, suite, components, key, priority }: Repository): PlannedRepository {
  const isFlat = suite.endsWith('/');
  return {
    name,
    source: {
      url: url.replace(/\/+$/, ''),
      suite,
      components: isFlat ? [] : (components ?? [firstComponent]),
    },
    key: `${key.trim()}\n`,
    priority,
  };
}

/** The release's `main` alone: what the base root is made of, whatever a template names. */
export const mainOnly = { components: [firstComponent], backports: false } as const;

/** All else that a template can ask of its distribution: the other components, and the backports. */
export function besidesMain(release: DebianRelease): Omit<PlannedSources, 'repositories'> {
  const components = componentsOf(release).filter((name) => name !== firstComponent);
  return { components, backports: hasBackports(release) };
}

/** The suite with newer packages than the release's, which are installed only where they are asked for. */
export function backportsSuite({ codename }: DebianRelease): string {
  return `${codename}-backports`;
}

/** The distribution's own: the release, its updates, its security updates, and its backports where that is wanted. */
export function mirrorSources(
  release: DebianRelease,
  mirror: string,
  { components, backports }: Omit<PlannedSources, 'repositories'>,
): Source[] {
  const archives = distributionOfRelease(release).archives(release, mirror);
  const own = archives.map((archive) => ({ ...archive, components }));
  const [first] = own;
  if (!backports || first === undefined) return own;
  const all = [...new Set([firstComponent, ...components])];
  return [...own, { ...first, suite: backportsSuite(release), components: all }];
}

/** One line for apt. `options` such as `arch=amd64`. */
export function sourceLine(
  { url, suite, components, isOld }: Source,
  options: readonly string[] = [],
): string {
  const all = [...options, ...(isOld === true && options.length > 0 ? ['check-valid-until=no'] : [])];
  return `${['deb', ...(all.length === 0 ? [] : [`[${all.join(' ')}]`]), url, suite, ...components].join(' ')}\n`;
}

/** apt_preferences(5) of the repositories that have a priority: apt tells them by the name of their server. */
export function preferences(repositories: readonly PlannedRepository[]): string {
  return repositories
    .filter(({ priority }) => priority !== undefined)
    .map(
      ({ source, priority }) =>
        `Package: *\nPin: origin "${new URL(source.url).hostname}"\nPin-Priority: ${priority ?? 500}\n`,
    )
    .join('\n');
}

import { closest } from '../../appliance/text/suggest.ts';
import { basePackages, profilePackages } from '../plan/debian.ts';
import { distributionOfRelease } from '../plan/distributions.ts';
import { backportsSuite, mirrorSources } from '../plan/sources.ts';
import { BuildError } from '../model.ts';
import type { Plan } from '../plan/plan.ts';
import { aptName, type WantedPackage } from '../../appliance/template/rules/wantedPackage.ts';
import { ToolError, type Sandbox } from '../sandbox/sandbox.ts';
import { inTheWay, unmetReasons } from './unmet.ts';
import {
  parseMadison,
  parseProviders,
  parseRecommendations,
  parseReplacements,
  parseSimulation,
} from './aptSays.ts';
import type { ResolvedPackage, Simulated } from './aptSays.ts';
import { matchingVersion } from './versions.ts';
import { systemPackages } from '../plan/systems.ts';

/** Packages that bundles bring: files, and names where the archive has no file. */
export interface LocalPackages {
  readonly files: readonly string[];
  readonly wanted: readonly WantedPackage[];
}

/** What is asked of apt. */
export interface Wishes {
  readonly plan: Plan;
  readonly local: LocalPackages;
  /** What the options of the template need. */
  readonly needed: readonly string[];
  /** This build's: its lists say which state of the mirror is asked. */
  readonly aptFolder: string;
  /** Of packages that are not there: the component of the archive that has them, and is not among the template's. */
  readonly elsewhere: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** What will be in the image. */
export interface Resolution {
  /** The OS profile with kernel and essential packages: the base root. */
  readonly base: readonly ResolvedPackage[];
  /** What comes on top of it. */
  readonly extra: readonly ResolvedPackage[];
  /** Names the system and the OS profile's base consist of: what the base root is installed from. */
  readonly profile: readonly string[];
  /** Names the profile and the template ask for; all others are dependencies. */
  readonly requested: readonly string[];
  /** Bytes on the installed disk, as the packages say. */
  readonly installedSize: number;
  /** What packages recommend and is left out; `a | b` where either would do. */
  readonly recommended: readonly string[];
  /** Packages of the profile that had to make room for others, each with what apt says. */
  readonly givenUp: readonly { readonly name: string; readonly why: string }[];
}

const madison = 'APT_CONFIG="$APT/apt.conf" apt-cache madison -- $NAMES';

const showProviders = 'APT_CONFIG="$APT/apt.conf" apt-cache showpkg -- $NAMES';

/** Says what it would download, which is everything: nothing is installed and the archive folder is empty. */
const simulate = `
APT_CONFIG="$APT/apt.conf" apt-get -q -y --print-uris -o Dir::Etc::sourcelist="$APT/$LIST" \\
  -o Dir::Etc::preferences="$APT/$PREFERENCES" -o APT::Install-Recommends="$RECOMMENDS" \\
  install '?and(?essential, ?architecture(amd64))' -- $NAMES
`;

const recommendations = `
APT_CONFIG="$APT/apt.conf" apt-cache depends --no-pre-depends --no-depends --no-suggests --no-conflicts \\
  --no-breaks --no-replaces --no-enhances -- $NAMES
`;

/** The scripts that decide: another one may decide otherwise. */
export const questions: readonly string[] = [madison, showProviders, simulate, recommendations];

/**
 * Decides on every package of the image before anything is downloaded. Throws a `BuildError` that names each
 * package or version the mirror does not have, or says what apt can't reconcile.
 *
 * The base root comes from the release's `main` whatever the template names: it is made with more rights than programs of
 * a template get, and appliances have it in common.
 */
export async function resolvePackages(wishes: Wishes, sandbox: Sandbox): Promise<Resolution> {
  const { plan, local, needed, aptFolder } = wishes;
  const { wanted, versioned } = await pinned([...plan.packages, ...local.wanted], wishes, sandbox);
  const recommended = await recommendedBy(wanted, aptFolder, sandbox);
  const isWanted = (name: string): boolean => !plan.withoutPackages.includes(name);
  const standard = basePackages(plan.release);
  const profile = [...standard, ...systemPackages(plan.system, plan.release)].filter(isWanted);
  const server = profilePackages(plan.release, plan.profile).slice(standard.length).filter(isWanted);
  const more = [...needed, ...recommended, ...versioned, ...local.files];
  const base = (names: readonly string[]): Promise<Simulated> =>
    simulated({ names, list: 'base.list', preferences: 'none' }, aptFolder, sandbox);
  const everything = { list: 'sources.list', preferences: 'preferences', local: local.files };
  const { all, kept, givenUp } =
    more.length === 0 && server.length === 0 && !plan.recommends
      ? { all: undefined, kept: profile, givenUp: [] }
      : await together([...profile, ...server], plan, (names) =>
          simulated(
            { ...everything, names: [...names, ...more], recommends: plan.recommends },
            aptFolder,
            sandbox,
          ),
        );
  const inProfile = profile.filter((name) => kept.includes(name));
  const { packages, ...ofBase } = await base(inProfile);
  const { packages: found, recommended: leftOut, installedSize } = all ?? { packages, ...ofBase };
  assertLeftOut(plan, found);
  const inBase = new Set(packages.map((pkg) => pkg.fileName));
  const ofMirror = mirrorSources(plan.release, plan.mirror, plan.sources).map(({ url }) => `${url}/`);
  const withoutFromOfMirror = ({ from, ...pkg }: ResolvedPackage): ResolvedPackage =>
    from === undefined || ofMirror.some((url) => from.startsWith(url)) ? pkg : { ...pkg, from };
  const extra = found.filter((pkg) => !inBase.has(pkg.fileName)).map(withoutFromOfMirror);
  const brought = extra.filter((pkg) => pkg.local !== undefined).map(({ name }) => name);
  const added = [...server.filter((name) => kept.includes(name)), ...needed];
  return {
    base: packages.map(withoutFromOfMirror),
    extra,
    profile: inProfile,
    requested: [...inProfile, ...added, ...wanted.map(aptName), ...brought],
    installedSize,
    recommended: leftOut,
    givenUp,
  };
}

/**
 * Asks apt for all at once. What the template wants comes before the profile: a package of that which is in the way is
 * given up, unless the build relies on it.
 */
async function together(
  profile: readonly string[],
  plan: Plan,
  ask: (names: readonly string[]) => Promise<Simulated>,
): Promise<{ all: Simulated; kept: readonly string[]; givenUp: Resolution['givenUp'] }> {
  const { indispensable } = distributionOfRelease(plan.release);
  const firm = [...indispensable, ...systemPackages(plan.system, plan.release)];
  const given: { name: string; why: string }[] = [];
  for (;;) {
    const kept = profile.filter((name) => given.every((each) => each.name !== name));
    try {
      return { all: await ask(kept), kept, givenUp: given };
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      const said = error.lines.join('\n');
      const name = inTheWay(
        said,
        kept.filter((each) => !firm.includes(each)),
      );
      if (name === undefined) throw error;
      given.push({ name, why: unmetReasons(said) ?? '' });
    }
  }
}

/** @throws {BuildError} when others need what the template leaves out of the profile */
function assertLeftOut({ withoutPackages }: Plan, packages: readonly ResolvedPackage[]): void {
  const there = withoutPackages.filter((name) => packages.some((pkg) => pkg.name === name));
  if (there.length === 0) return;
  const names = there.map((name) => `“${name}”`).join(', ');
  throw new BuildError(
    `${names} can't be left out (stack.os.withoutPkgs): other packages of the image need it.`,
  );
}

/** What packages with `recommends: true` recommend: of alternatives the first that is there. */
async function recommendedBy(
  wanted: readonly WantedPackage[],
  aptFolder: string,
  sandbox: Sandbox,
): Promise<string[]> {
  const names = wanted.filter(({ recommends }) => recommends === true).map(aptName);
  if (names.length === 0) return [];
  const env = { APT: aptFolder, NAMES: names.join(' ') };
  return parseRecommendations(
    await sandbox.run(recommendations, { env, writes: [aptFolder], capture: true }),
  );
}

interface Pinned {
  /** With real packages for the names that only one stands for. */
  readonly wanted: readonly WantedPackage[];
  /** As apt wants them, `name` or `name=version`. */
  readonly versioned: readonly string[];
}

/** The template's packages, after looking each of them up. */
async function pinned(wanted: readonly WantedPackage[], wishes: Wishes, sandbox: Sandbox): Promise<Pinned> {
  const { plan, aptFolder } = wishes;
  if (wanted.length === 0) return { wanted, versioned: [] };
  const names = [...new Set(wanted.map(aptName))];
  const table = await sandbox.run(madison, {
    env: { APT: aptFolder, NAMES: names.join(' ') },
    writes: [aptFolder],
    capture: true,
  });
  const versions = parseMadison(table);
  const missing: string[] = [];
  const unknown: string[] = [];
  const versioned = wanted.map((pkg) => {
    const name = aptName(pkg);
    const known = versions.get(name) ?? [];
    const chosen = pkg.version === undefined ? undefined : matchingVersion(pkg.version, known);
    if (known.length === 0) unknown.push(name);
    else if (pkg.version !== undefined && chosen === undefined) missing.push(missingVersion(pkg, known));
    if (pkg.backports === true) return `${name}/${backportsSuite(plan.release)}`;
    return chosen === undefined ? name : `${name}=${chosen}`;
  });
  if (unknown.length > 0) {
    const providers = await providersOf(unknown, aptFolder, sandbox);
    const real = wanted.map((pkg) => {
      const [only, ...others] = providers.get(aptName(pkg)) ?? [];
      return only === undefined || others.length > 0 ? pkg : { ...pkg, name: only };
    });
    if (real.some((pkg, index) => pkg !== wanted[index])) return await pinned(real, wishes, sandbox);
    missing.unshift(...(await withNearMisses(unknown, providers, wishes, sandbox)));
  }
  if (missing.length > 0) {
    const { version, codename } = plan.release;
    const { name } = distributionOfRelease(plan.release);
    const also = plan.sources.repositories.map((each) => ` and ${each.source.url}`).join('');
    const release = `${name} ${version} (${codename}, ${plan.sources.components.join(', ')})${also}`;
    throw new BuildError(
      missing.length === 1
        ? `There is no package ${missing[0] ?? ''} in ${release}.`
        : `There are no such packages in ${release}: ${missing.join(', ')}.`,
      `Looked up at ${plan.mirror}: ${names.join(', ')}`,
    );
  }
  return { wanted, versioned };
}

/** Who stands for names that no package has (virtual ones): apt takes the only one, and of several none. */
async function providersOf(
  names: readonly string[],
  aptFolder: string,
  sandbox: Sandbox,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const env = { APT: aptFolder, NAMES: names.join(' ') };
  return parseProviders(await sandbox.run(showProviders, { env, writes: [aptFolder], capture: true }));
}

/** Fails, and says of packages that are gone what replaces them. */
const askForGone = `
APT_CONFIG="$APT/apt.conf" apt-get -q -y --print-uris install -- $NAMES || true
`;

const allNames = 'APT_CONFIG="$APT/apt.conf" apt-cache pkgnames';

/** `“ngnix” (did you mean “nginx”?)` for each name. */
async function withNearMisses(
  unknown: readonly string[],
  providers: ReadonlyMap<string, readonly string[]>,
  { aptFolder, elsewhere }: Wishes,
  sandbox: Sandbox,
): Promise<string[]> {
  const components = await elsewhere(unknown);
  const output = await sandbox.run(allNames, { env: { APT: aptFolder }, writes: [aptFolder], capture: true });
  const env = { APT: aptFolder, NAMES: unknown.join(' ') };
  const replacements = parseReplacements(
    await sandbox.run(askForGone, { env, writes: [aptFolder], capture: true }),
  );
  const known = output.split('\n').filter((name) => name !== '');
  return unknown.map((name) => {
    const provided = providers.get(name);
    if (provided !== undefined)
      return `“${name}” (name one of those that provide it: ${provided.join(', ')})`;
    const component = components.get(name);
    if (component !== undefined)
      return `“${name}” (it is in ${component}: add that to “components” of stack.os)`;
    const replaced = replacements.get(name);
    if (replaced !== undefined) return `“${name}” (it is gone; what replaces it: ${replaced.join(', ')})`;
    const near = closest(name, known);
    return near === undefined ? `“${name}”` : `“${name}” (did you mean “${near}”?)`;
  });
}

function missingVersion(pkg: WantedPackage, known: readonly string[]): string {
  return `“${pkg.name}” in version ${pkg.version ?? ''} (there is ${known.join(', ')})`;
}

/** What apt is asked: `list` and `preferences` are files of the apt folder. */
interface Asked {
  readonly names: readonly string[];
  readonly local?: readonly string[];
  readonly list: string;
  readonly preferences: string;
  readonly recommends?: boolean;
}

async function simulated(
  { names, local = [], list, preferences, recommends = false }: Asked,
  aptFolder: string,
  sandbox: Sandbox,
): Promise<Simulated> {
  const output = await sandbox.run(simulate, {
    env: {
      ...{ APT: aptFolder, NAMES: names.join(' '), LIST: list, PREFERENCES: preferences },
      RECOMMENDS: String(recommends),
    },
    reads: local,
    writes: [aptFolder],
    capture: true,
  });
  return parseSimulation(output);
}

/** A distribution images can be made of. */
export interface KnownDistribution {
  readonly id: number | string;
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

/** A cloud account of the person who is signed in. */
export interface KnownAccount {
  readonly name: string;
  /** Name of the target platform it is for. */
  readonly platform?: string;
}

/** The repositories of packages that provide the same, by the packages' names. */
export type Providers = ReadonlyMap<string, readonly string[]>;

/** What the server signed in to has, as far as it has been asked. A list that is not there says nothing. */
export interface ServerKnowledge {
  /** What a person calls the server. */
  readonly server: string;
  /** Names of the target formats. */
  readonly formats?: readonly string[];
  readonly distributions?: readonly KnownDistribution[];
  readonly accounts?: readonly KnownAccount[];
  /** Images this person may make in all, and has made; absent: without limit, or untold. */
  readonly generations?: { readonly limit: number; readonly used: number };
  /** The keys of templates it knows beyond UForge's. */
  readonly templateKeys?: readonly string[];
  /** Names of a distribution's OS profiles; undefined as long as nobody has asked. */
  readonly profilesOf?: (distribution: KnownDistribution) => readonly string[] | undefined;
  /**
   * The repositories of a distribution that have a package of that name, empty names where the server does not call them
   * anything; undefined as long as nobody has asked.
   */
  readonly repositoriesWith?: (
    distribution: KnownDistribution,
    name: string,
  ) => readonly string[] | undefined;
  /**
   * The packages of a distribution that stand for a name that none has (a virtual package), each with its
   * repositories, where the server knows that.
   */
  readonly providersOf?: (distribution: KnownDistribution, name: string) => Providers | undefined;
  /** The package of a distribution that a name it does not have most likely means, where that was looked for. */
  readonly nearPackage?: (distribution: KnownDistribution, name: string) => string | undefined;
}

/** The system a template's `os` means, written as the server does; case aside. */
export interface SystemName {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

/** Whether it builds as the local forge does: whoever knows keys of ours has its limits. */
export function hasForgeLimits({ templateKeys = [] }: ServerKnowledge): boolean {
  return templateKeys.length > 0;
}

/** The distribution a template's `os` means. */
export function distributionOf(
  known: readonly KnownDistribution[],
  { name, version, arch }: SystemName,
): KnownDistribution | undefined {
  return known.find(
    (each) =>
      each.name.toLowerCase() === name.toLowerCase() && each.version === version && each.arch === arch,
  );
}

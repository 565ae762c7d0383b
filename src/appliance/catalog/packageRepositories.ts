/** What a template's `os` asks of its distribution besides the release's `main`. */
export interface AskedSources {
  readonly components?: readonly string[] | undefined;
  readonly backports?: boolean | undefined;
}

/** What a template has to ask for to get packages of a repository. */
interface Lacking {
  readonly component?: string;
  readonly backports?: true;
}

/** The local forge calls a repository after suite and component: `bookworm-backports/main`. Of others nothing is known. */
const repositoryName = /^[\w.+~]+(?:-\w+)?\/(main|contrib|non-free|non-free-firmware)$/;

/** What a template lacks to get a package of those repositories: of the one that lacks least; undefined: nothing. */
export function lackingFor(repositories: readonly string[], asked: AskedSources): Lacking | undefined {
  const lacking = repositories.map((name): Lacking => {
    const component = repositoryName.exec(name)?.[1] ?? 'main';
    const hasIt = component === 'main' || asked.components?.some((each) => each.toLowerCase() === component);
    return {
      ...(hasIt !== true && { component }),
      ...(isBackports(name) && asked.backports !== true && { backports: true as const }),
    };
  });
  const [least] = lacking.toSorted((a, b) => Object.keys(a).length - Object.keys(b).length);
  return least === undefined || Object.keys(least).length === 0 ? undefined : least;
}

function isBackports(repository: string): boolean {
  return repositoryName.test(repository) && repository.includes('-backports/');
}

/** Whether a package is there, and in no backports. */
export function isNoBackport(repositories: readonly string[]): boolean {
  return (
    repositories.length > 0 && repositories.every((name) => repositoryName.test(name) && !isBackports(name))
  );
}

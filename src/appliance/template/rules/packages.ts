import { debianName } from '../../catalog/debianNames.ts';
import { isNoBackport, lackingFor } from '../../catalog/packageRepositories.ts';
import type { KnownDistribution, Providers, ServerKnowledge } from '../../catalog/serverKnowledge.ts';
import { didYouMean, replacement, unlessSure } from '../../text/suggest.ts';
import type { Finding, Range, Way } from '../../text/problem.ts';
import type { Os } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

export interface PackageRules {
  readonly rangeAt: (path: TemplatePath) => Range;
  readonly additionAt: (path: TemplatePath, key: string) => Way | undefined;
  readonly quote: (range: Range, value: string) => string;
  /** What the server has, and the distribution that is meant there. */
  readonly known?: ServerKnowledge | undefined;
  readonly distribution?: KnownDistribution | undefined;
}

/**
 * Packages that the server does not have, or has where the template does not look; where it has not said so, those that
 * Debian calls otherwise.
 */
export function checkPackages(os: Os, rules: PackageRules): Finding[] {
  const { rangeAt, quote, known, distribution } = rules;
  const isDebian = /^debian$/i.test(os.name);
  return (os.pkgs ?? []).flatMap(({ name, backports }, index): readonly Finding[] => {
    if (name === undefined) return [];
    const range = rangeAt(['stack', 'os', 'pkgs', index, 'name']);
    const found = distribution && known?.repositoriesWith?.(distribution, name);
    const providers =
      distribution && found?.length === 0 ? known?.providersOf?.(distribution, name) : undefined;
    if (providers !== undefined) return providedProblems(name, providers, range, os, rules);
    // What those have is known when they are read, which the build does.
    const isElsewhere = (os.repositories ?? []).length > 0;
    const elsewhere = found === undefined || isElsewhere ? undefined : lackingProblem(name, found, os, rules);
    if (elsewhere !== undefined) return [{ ...elsewhere, range }];
    if (backports === true && os.backports === true && found && isNoBackport(found)) {
      const says = sentence`There is no “${name}” in the backports: take “backports” away from it.`;
      return [{ range, severity: 'error', code: 'unknown-package', message: says }];
    }
    const isThere = found?.length === 0 ? (isElsewhere ? undefined : false) : found && true;
    const onDebian = isDebian ? debianName(name) : undefined;
    if (isThere === true || (isThere === undefined && onDebian === undefined)) return [];
    const near = distribution && known?.nearPackage?.(distribution, name);
    const suggestion = onDebian ?? near;
    const sure = onDebian === undefined && near !== undefined ? unlessSure(name, near, [near]) : {};
    const fixes: readonly Way[] =
      suggestion === undefined
        ? []
        : [{ ...replacement(range, suggestion, quote(range, suggestion)), ...sure }];
    const problem = { range, ...(fixes.length > 0 && { fixes }) };
    if (isThere === undefined) {
      return [{ ...problem, severity: 'warning', code: 'foreign-package', message: foreign(name, onDebian) }];
    }
    const { name: system, version, arch } = distribution ?? os;
    const message = sentence`${system} ${version} ${arch} has no package “${name}” on ${known?.server ?? ''}.${didYouMean(suggestion)}`;
    return [{ ...problem, severity: 'error', code: 'unknown-package', message }];
  });
}

/** apt takes the only one that stands for a name, and of several none. */
function providedProblems(
  name: string,
  providers: Providers,
  range: Range,
  os: Os,
  rules: PackageRules,
): readonly Finding[] {
  const within = [...providers].flatMap(([each, where]) => (lackingFor(where, os) ? [] : each)).toSorted();
  const [only, ...others] = within;
  if (only === undefined) {
    const lacking = lackingProblem(name, [...providers.values()].flat(), os, rules);
    return lacking === undefined ? [] : [{ ...lacking, range }];
  }
  if (others.length === 0) return [];
  const fixes = within.map((each) => ({
    ...replacement(range, each, rules.quote(range, each)),
    choice: true as const,
  }));
  return [{ range, severity: 'error', code: 'unknown-package', message: whichOf(name, within), fixes }];
}

/** A package that is there, but not where the template looks. */
function lackingProblem(
  name: string,
  repositories: readonly string[],
  os: Os,
  { additionAt }: PackageRules,
): Omit<Finding, 'range'> | undefined {
  const lacking = lackingFor(repositories, os);
  if (lacking === undefined) return undefined;
  const { component } = lacking;
  const message =
    component === undefined
      ? sentence`“${name}” is in the backports: add “backports: true” to stack.os.`
      : sentence`“${name}” is in ${component}: add that to “components” of stack.os.`;
  const fix =
    component === undefined
      ? additionAt(['stack', 'os'], 'backports')
      : component === 'non-free-firmware' && os.components === undefined
        ? additionAt(['stack', 'os'], 'components')
        : undefined;
  return { severity: 'error', code: 'unknown-package', message, ...(fix && { fixes: [fix] }) };
}

/** What is said of a name that several packages stand for. */
export function whichOf(name: string, providers: readonly string[]): Sentence {
  return sentence`“${name}” is no package by itself: name one of those that provide it: ${providers.join(', ')}.`;
}

/** What those have is known when they are read, which the build does. */
export function hasFurtherSources({ repositories = [], components = [], backports = false }: Os): boolean {
  return repositories.length > 0 || components.length > 0 || backports;
}

function foreign(name: string, onDebian: string | null | undefined): Sentence {
  return onDebian === undefined || onDebian === null
    ? sentence`“${name}” is no package of Debian, which needs none for it. Remove it.`
    : sentence`Debian has no package “${name}”: there it is “${onDebian}”.`;
}

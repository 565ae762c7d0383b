import { debianName } from '../../catalog/debianNames.ts';
import type { KnownDistribution, ServerKnowledge } from '../../catalog/serverKnowledge.ts';
import { didYouMean, replacement, unlessSure } from '../../text/suggest.ts';
import type { Finding, Range, Way } from '../../text/problem.ts';
import type { Os } from '../model/template.ts';
import type { TemplatePath } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

export interface PackageRules {
  readonly rangeAt: (path: TemplatePath) => Range;
  readonly quote: (range: Range, value: string) => string;
  /** What the server has, and the distribution that is meant there. */
  readonly known?: ServerKnowledge | undefined;
  readonly distribution?: KnownDistribution | undefined;
}

/** Packages that the server does not have; where it has not said so, those that Debian calls otherwise. */
export function checkPackages(os: Os, { rangeAt, quote, known, distribution }: PackageRules): Finding[] {
  const isDebian = /^debian$/i.test(os.name);
  return (os.pkgs ?? []).flatMap(({ name }, index): readonly Finding[] => {
    if (name === undefined) return [];
    const range = rangeAt(['stack', 'os', 'pkgs', index, 'name']);
    const asked = distribution && known?.hasPackage?.(distribution, name);
    const isThere = asked === false && hasFurtherSources(os) ? undefined : asked;
    const onDebian = isDebian ? debianName(name) : undefined;
    if (isThere === true || (isThere === undefined && onDebian === undefined)) return [];
    const near = distribution && known?.nearPackage?.(distribution, name);
    const suggestion = onDebian ?? near;
    const sure = onDebian === undefined && near !== undefined ? unlessSure(name, near, [near]) : {};
    const fixes: readonly Way[] =
      suggestion === undefined
        ? []
        : [{ ...replacement(range, suggestion, quote(range, suggestion)), ...sure }];
    const found = { range, ...(fixes.length > 0 && { fixes }) };
    if (isThere === undefined) {
      return [{ ...found, severity: 'warning', code: 'foreign-package', message: foreign(name, onDebian) }];
    }
    const { name: system, version, arch } = distribution ?? os;
    const message = sentence`${system} ${version} ${arch} has no package “${name}” on ${known?.server ?? ''}.${didYouMean(suggestion)}`;
    return [{ ...found, severity: 'error', code: 'unknown-package', message }];
  });
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

import type { Finding, Range, Way } from '../../text/problem.ts';
import {
  distributionOf,
  hasForgeLimits,
  type KnownDistribution,
  type ServerKnowledge,
} from '../../catalog/serverKnowledge.ts';
import { closest, didYouMean, replacement, unlessSure } from '../../text/suggest.ts';
import { checkAccountName } from '../../catalog/accountName.ts';
import { checkQuota } from '../../catalog/usedUpQuota.ts';
import { targetFormatNamed } from '../../catalog/targetFormats.ts';
import type { Builder, Os, Template } from '../model/template.ts';
import { ourKeysIn, type OurKey } from '../model/ourKeys.ts';
import { forgeLimits } from './forgeLimits.ts';
import { named, type TemplatePath, type TemplatePlaces } from '../model/path.ts';
import { sentence, type Sentence } from '../../../uforge/language/sentence.ts';

/** What the server that is signed in to would refuse in a template, as far as it has been asked. */
export function checkTemplateOnServer(
  template: Template,
  { rangeAt }: TemplatePlaces,
  quote: (range: Range, value: string) => string,
  known: ServerKnowledge,
): Finding[] {
  const { stack, builders = [] } = template;
  const rules = new ServerRules(rangeAt, quote, known);
  if (known.templateKeys !== undefined) {
    const keys = ourKeysIn(template).map((key) => ({ ...key, range: rangeAt(key.path) }));
    rules.problems.push(...leftOutProblems(keys, known.templateKeys, known.server));
  }
  rules.checkSystem(stack.os);
  rules.problems.push(...checkQuota(known, rangeAt(builders.length > 0 ? ['builders'] : ['stack'])));
  if (hasForgeLimits(known)) rules.checkLimits(template);
  builders.forEach((builder, index) => {
    rules.checkAccount(builder, ['builders', index, 'account', 'name']);
  });
  return rules.problems;
}

/** Another version of a system is another system. */
const choice = { choice: true } as const;

/** What is told of keys of ours that a server does not know: they are left out of what is pushed there. */
export function leftOutProblems(
  keys: readonly (OurKey & { readonly range: Range })[],
  known: readonly string[],
  server: string,
): Finding[] {
  return keys
    .filter(({ name }) => !known.includes(name))
    .map(({ path, range }) => ({
      message: sentence`${named(path)} is a key of the local forge: ${server} does not know it, and it is left out of what is pushed there.`,
      severity: 'warning',
      range,
      code: 'left-out',
    }));
}

class ServerRules {
  readonly problems: Finding[] = [];
  readonly #rangeAt: (path: TemplatePath) => Range;
  readonly #quote: (range: Range, value: string) => string;
  readonly #known: ServerKnowledge;

  constructor(
    rangeAt: (path: TemplatePath) => Range,
    quote: (range: Range, value: string) => string,
    known: ServerKnowledge,
  ) {
    this.#rangeAt = rangeAt;
    this.#quote = quote;
    this.#known = known;
  }

  checkSystem(os: Os): void {
    const { distributions } = this.#known;
    if (distributions === undefined) return;
    const distribution = distributionOf(distributions, os);
    if (distribution === undefined) this.#unknownSystem(os, distributions);
    else this.#checkProfile(os, distribution);
  }

  checkLimits(template: Template): void {
    for (const { at, says } of forgeLimits(template)) {
      const message = sentence`${named(at)} ${says}.`;
      this.problems.push({ message, severity: 'error', range: this.#rangeAt(at), code: 'not-buildable' });
    }
  }

  checkAccount({ type, account }: Builder, path: TemplatePath): void {
    const name = account?.name;
    if (name === undefined || this.#known.accounts === undefined) return;
    const range = this.#rangeAt(path);
    const platform = targetFormatNamed(type)?.platform;
    const quoted = (value: string): string => this.#quote(range, value);
    this.problems.push(...checkAccountName(name, range, this.#known, platform, quoted));
  }

  #unknownSystem({ name, version, arch }: Os, distributions: readonly KnownDistribution[]): void {
    const { server } = this.#known;
    const list = distributions.map(systemOf).join(', ');
    const has = sentence`It has: ${list === '' ? sentence`none` : list}.`;
    const named = distributions.filter((each) => each.name.toLowerCase() === name.toLowerCase());
    const path = (key: string): TemplatePath => ['stack', 'os', key];
    if (named.length === 0) {
      const names = distributions.map((each) => each.name);
      const suggestion = closest(name, names);
      const message = sentence`${server} has no distribution “${name}”.${didYouMean(suggestion)} ${has}`;
      this.#add(
        'unknown-distribution',
        path('name'),
        message,
        suggestion,
        unlessSure(name, suggestion, names),
      );
      return;
    }
    const versions = named.filter((each) => each.version === version);
    if (versions.length === 0) {
      const message = sentence`${server} has no ${name} ${version}. ${has}`;
      const [only, ...others] = new Set(named.map((each) => each.version));
      this.#add(
        'unknown-distribution',
        path('version'),
        message,
        others.length === 0 ? only : undefined,
        choice,
      );
      return;
    }
    const message = sentence`${server} has no ${name} ${version} for ${arch}. ${has}`;
    const [only, ...others] = versions;
    this.#add('unknown-distribution', path('arch'), message, others.length === 0 ? only?.arch : undefined);
  }

  #checkProfile({ profile }: Os, distribution: KnownDistribution): void {
    const profiles = this.#known.profilesOf?.(distribution);
    if (profile === undefined || profiles === undefined || profiles.includes(profile)) return;
    const suggestion = closest(profile, profiles);
    const message = sentence`${systemOf(distribution)} has no profile “${profile}” on ${this.#known.server}.${didYouMean(suggestion)} It has: ${profiles.join(', ')}.`;
    this.#add(
      'unknown-profile',
      ['stack', 'os', 'profile'],
      message,
      suggestion,
      unlessSure(profile, suggestion, profiles),
    );
  }

  #add(
    code: string,
    path: TemplatePath,
    message: Sentence,
    suggestion: string | undefined,
    sure: Pick<Way, 'choice'> = {},
  ): void {
    const range = this.#rangeAt(path);
    const fixes =
      suggestion === undefined
        ? {}
        : { fixes: [{ ...replacement(range, suggestion, this.#quote(range, suggestion)), ...sure }] };
    this.problems.push({ message, severity: 'error', range, code, ...fixes });
  }
}

function systemOf({ name, version, arch }: KnownDistribution): string {
  return `${name} ${version} ${arch}`;
}

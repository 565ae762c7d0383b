import names from './debianNames.json' with { type: 'json' };

const table: Readonly<Record<string, string | null>> = names;

/**
 * What Debian calls a package that CentOS, RHEL or Ubuntu name otherwise: null where it needs none, undefined for a
 * name that the table does not have, which is most often the same in all of them.
 */
export function debianName(name: string): string | null | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** How names of one kind are made here and there: what Debian may call a package, the likeliest first. */
const patterns: readonly (readonly [RegExp, ...string[]])[] = [
  [/^(?:lib)?(.+)-devel$/, 'lib$1-dev', '$1-dev'],
  [/^lib(.+)-libs?$/, 'lib$1'],
  [/^(.+)-libs?$/, 'lib$1', '$1'],
  [/^(?:python[23]?|python3[68]|python2\.7)-(.+)$/, 'python3-$1'],
  [/^php[57]\d?-(?:php-)?(.+)$/, 'php-$1'],
  [/^php-pecl-(.+)$/, 'php-$1'],
  [/^perl-(.+)$/, 'lib$1-perl'],
  [/^rubygem-(.+)$/, 'ruby-$1'],
  [/^nodejs-(.+)$/, 'node-$1'],
  [/^(.+)-server$/, '$1'],
  [/^(.+)-clients?$/, '$1'],
  [/^(.+?)\d+$/, '$1'],
];

/** What Debian may call a package that neither the table nor Debian has; a server knows which of them there are. */
export function debianGuesses(name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return patterns
    .flatMap(([pattern, ...by]) =>
      by.flatMap((each) => (pattern.test(wanted) ? wanted.replace(pattern, each) : [])),
    )
    .concat(wanted)
    .filter((guess) => guess !== name);
}

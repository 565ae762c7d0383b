import type { Test } from './template.ts';

/** The checks there are, by the key that asks for one, with the further keys each may have. */
export const testKinds = {
  console: [],
  command: ['exitCode', 'output'],
  port: [],
  http: ['status', 'body'],
  file: ['content', 'ownerGroup', 'rights'],
  package: ['version'],
  service: [],
  noFailedUnits: [],
} as const satisfies Readonly<Record<string, readonly (keyof Test)[]>>;

export type TestKind = keyof typeof testKinds;

/** The kinds that an entry asks for: a right one for one. */
export function kindsOf(test: Test): readonly TestKind[] {
  return (Object.keys(testKinds) as TestKind[]).filter((kind) => test[kind] !== undefined);
}

/** What a check is called: as its template says, else by what it looks at. */
export function testName(test: Test): string {
  if (test.name !== undefined) return test.name;
  if (test.noFailedUnits === true) return 'no failed units';
  const [kind = ''] = kindsOf(test);
  return `${kind} ${String(test[kind as TestKind] ?? '')}`.trim();
}

/** A pattern of a check. @throws {SyntaxError} where it is none */
export function testPattern(text: string): RegExp {
  return new RegExp(text, 'm');
}

/** The bounds of `version`, as `dpkg --compare-versions` calls them; nothing where the text is no range. */
export function versionBounds(
  range: string,
): readonly { readonly operator: string; readonly version: string }[] | undefined {
  const bounds = range.split(',').map((part) => {
    const found = /^\s*(<<|>>|<=|>=|<|>|=|)\s*([0-9][\w.+:~-]*)\s*$/.exec(part);
    if (found === null) return undefined;
    const [, sign = '', version = ''] = found;
    return { operator: operators[sign] ?? 'eq', version };
  });
  return bounds.every((bound) => bound !== undefined) ? bounds : undefined;
}

const operators: Readonly<Record<string, string>> = {
  '<': 'lt',
  '<<': 'lt',
  '<=': 'le',
  '=': 'eq',
  '': 'eq',
  '>=': 'ge',
  '>': 'gt',
  '>>': 'gt',
};

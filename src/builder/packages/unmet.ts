/**
 * ` chrony : Conflicts: time-daemon`, or what follows it about the same package, farther to the right and
 * without its name.
 */
const line =
  /^ (?:(\S+) : | +)(Depends|Pre-Depends|PreDepends|Conflicts|Breaks): (\S+(?: \([^)]*\))?)(?: but (.*?))?(?: or)?$/;

const mostTold = 4;

/** Why packages don't go together, by what apt says of unmet dependencies; undefined where it says nothing. */
export function unmetReasons(said: string): string | undefined {
  const [, after = ''] = said.split(/have unmet dependencies[.:]*\n/);
  const conflicts = new Map<string, string[]>();
  const reasons: string[] = [];
  let name = '';
  for (const each of after.split('\n')) {
    const [whole, begun, kind, other = '', but = ''] = line.exec(each) ?? [];
    if (whole === undefined) continue;
    name = begun ?? name;
    if (kind === 'Conflicts') conflicts.set(other, [...(conflicts.get(other) ?? []), name]);
    else if (kind === 'Breaks') reasons.push(`“${name}” breaks “${other}”`);
    else reasons.push(`“${name}” needs “${other}”, ${insteadOf(but)}`);
  }
  const told = [...conflictReasons(conflicts), ...reasons];
  return told.length === 0 ? undefined : told.slice(0, mostTold).join('; ');
}

/** By what packages conflict with: those that conflict with the same each stand for it, as is usual. */
function conflictReasons(conflicts: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const pairs = new Set<string>();
  return [...conflicts].flatMap(([other, names]) => {
    const [first = '', ...more] = names;
    if (more.length > 0) {
      const all = names.map((name) => `“${name}”`).join(' and ');
      return [`${all} exclude each other: each conflicts with “${other}”`];
    }
    // Both may say so of each other.
    const pair = [first, other].sort().join(' ');
    if (pairs.has(pair)) return [];
    pairs.add(pair);
    return [`“${first}” conflicts with “${other}”`];
  });
}

function insteadOf(but: string): string {
  const [, version] = /^(\S+) is to be installed$/.exec(but) ?? [];
  if (version !== undefined) return `and ${version} would be installed`;
  return but === 'it is not installable' ? 'which is not there' : 'which something else keeps out';
}

/** Which of these packages apt says is in another one's way; undefined when it says that of none. */
export function inTheWay(said: string, names: readonly string[]): string | undefined {
  const conflicts = said.split('\n').filter((each) => / (Conflicts|Breaks): /.test(each));
  const words = new Set(conflicts.flatMap((each) => each.split(/[\s:]+/)));
  return names.find((name) => words.has(name));
}

/** apt's lines about packages that don't go together, such as ` chrony : Conflicts: time-daemon`, as one text. */
export function unmetLine(said: string): string | undefined {
  const [, after] = said.split(/have unmet dependencies[.:]*\n/);
  const lines = after?.split('\n').flatMap((line) => /^ (\S.*)$/.exec(line)?.[1]?.trim() ?? []) ?? [];
  return lines.length === 0 ? undefined : lines.slice(0, 4).join('; ');
}

/** Which of these packages apt says is in another one's way; undefined when it says that of none. */
export function inTheWay(said: string, names: readonly string[]): string | undefined {
  const conflicts = said.split('\n').filter((line) => / (Conflicts|Breaks): /.test(line));
  const words = new Set(conflicts.flatMap((line) => line.split(/[\s:]+/)));
  return names.find((name) => words.has(name));
}

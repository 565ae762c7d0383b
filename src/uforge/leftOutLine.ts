/** The line of a local forge's log that names what packages recommend and an image has not; `a | b` where either would do. */
export function leftOutLine(names: readonly string[]): string {
  return `Recommended and left out: ${names.join(', ')}.`;
}

/** What that line of a log names. */
export function leftOutIn(log: string): readonly string[] {
  const [, names] = /Recommended and left out: (.*)\.\s*$/m.exec(log) ?? [];
  return names?.split(', ') ?? [];
}

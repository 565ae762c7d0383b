/** Where a stage begins: `== Fetching packages ==`, and where it ended: `-- Fetching packages: 3.2 s --`. */
const heading = /^== (.+) ==$/;
const end = /^-- (.+): ([\d.]+) s --$/;

/** A stage as the server's log tells it. */
export interface LoggedStage {
  readonly name: string;
  /** `undefined` while it goes on, or when it was broken off. */
  readonly ms: number | undefined;
}

/** The stages of a ticket's log, in their order: what the server measured, whoever watched. */
export function loggedStages(log: string): readonly LoggedStage[] {
  const stages: LoggedStage[] = [];
  for (const line of log.split('\n')) {
    const [, begun] = heading.exec(line) ?? [];
    const [, ended, seconds] = end.exec(line) ?? [];
    if (begun !== undefined) stages.push({ name: begun, ms: undefined });
    else if (ended !== undefined && stages.at(-1)?.name === ended) {
      stages[stages.length - 1] = { name: ended, ms: Number(seconds) * 1000 };
    }
  }
  return stages;
}

/** The stages of a ticket's log, from heading to end; lines count from 0. One that goes on ends the log. */
export function stageRanges(lines: readonly string[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let start: number | undefined;
  const close = (last: number): void => {
    if (start !== undefined && last > start) ranges.push({ start, end: last });
    start = undefined;
  };
  for (const [index, line] of lines.entries()) {
    if (end.test(line)) close(index);
    else if (heading.test(line)) {
      close(index - 1);
      start = index;
    }
  }
  close(lines.findLastIndex((line) => line !== ''));
  return ranges;
}

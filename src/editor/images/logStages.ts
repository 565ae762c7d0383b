/** Where a stage begins: `== Fetching packages ==`, and where it has ended: `-- Fetching packages: 3.2 s --`. */
const heading = /^== .+ ==$/;
const end = /^-- .+: [\d.]+ s --$/;

/** The stages of a ticket's log, from heading to end; lines count from 0. A stage that still goes on ends the log. */
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

/** A heading: `== Fetching packages ==` where a stage begins, `== Fetching packages: 3.2 s ==` where it has ended. */
const heading = /^== (.+?)(: [\d.]+ s)? ==$/;

/** The stages of a ticket's log, from heading to end; lines count from 0. A stage that still goes on ends the log. */
export function stageRanges(lines: readonly string[]): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  let start: number | undefined;
  const close = (end: number): void => {
    if (start !== undefined && end > start) ranges.push({ start, end });
    start = undefined;
  };
  for (const [index, line] of lines.entries()) {
    const found = heading.exec(line);
    if (found === null) continue;
    if (found[2] !== undefined) close(index);
    else {
      close(index - 1);
      start = index;
    }
  }
  close(lines.findLastIndex((line) => line !== ''));
  return ranges;
}

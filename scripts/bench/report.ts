/** One thing that was measured against something known. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly ours: number;
  readonly anchorName: string;
  readonly anchor: number;
  /** What `ours / anchor` should be at least; undefined when it is only told. */
  readonly aim?: number | undefined;
  /** What `ours` should be at most, for what is better the smaller it is. */
  readonly atMost?: number | undefined;
  /** What `ours / anchor` should be at most, likewise. */
  readonly ratioAtMost?: number | undefined;
  readonly note?: string;
}

/** The fastest of some measurements: whatever else a computer does only ever makes them slower. */
export function best<T extends { readonly rate: number }>(measured: readonly T[]): T {
  const [first, ...others] = measured;
  if (first === undefined) throw new TypeError('Nothing was measured.');
  return others.reduce((a, b) => (b.rate > a.rate ? b : a), first);
}

/**
 * Does something some times, each after the other in turn, and gives the best rate of each: `amount` per
 * second.
 */
export async function race(
  amount: number,
  rounds: number,
  ...runners: readonly (() => unknown)[]
): Promise<number[]> {
  const rates = runners.map((): number => 0);
  for (let round = 0; round < rounds; round++) {
    for (const [index, runner] of runners.entries()) {
      const started = performance.now();
      await runner();
      const rate = amount / ((performance.now() - started) / 1000);
      rates[index] = Math.max(rates[index] ?? 0, rate);
    }
  }
  return rates;
}

/** The table for people. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map((row) => {
    const { what, unit, ours, anchorName, anchor, note = '' } = row;
    const ratio = ours / anchor;
    return [
      what,
      `${number(ours)} ${unit}`,
      `${anchorName} ${number(anchor)}`,
      ratio.toFixed(2),
      verdictOn(row),
      note,
    ];
  });
  const lines = [['what', 'ours', 'against', 'ratio', 'aim', ''], ...cells];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function verdictOn({ unit, ours, anchor, aim, atMost, ratioAtMost }: Row): string {
  const said = (isReached: boolean, what: string): string => `${isReached ? 'reached' : 'missed'} (${what})`;
  const ratio = ours / anchor;
  if (atMost !== undefined) return said(ours <= atMost, `≤ ${number(atMost)} ${unit}`);
  if (ratioAtMost !== undefined) return said(ratio <= ratioAtMost, `≤ ${ratioAtMost}`);
  return aim === undefined ? '' : said(ratio >= aim, String(aim));
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value < 1 ? 2 : 1);
}

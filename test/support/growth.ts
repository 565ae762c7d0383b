import assert from 'node:assert/strict';

/** What reading eight times as much may take, in times. Linear is 8, quadratic 64. */
const mostGrowth = 20;
/** How often a noisy computer may try again. */
const attempts = 3;
/** ms of processor time of the smallest reading: less is lost in what it takes to begin. */
const measurable = 5;

export interface Growing {
  /** An input of about so many characters, another one for each `variant`: what has been read is remembered. */
  readonly input: (length: number, variant: number) => string;
  readonly read: (input: string) => unknown;
  /** Characters of the smallest input. */
  readonly from?: number;
  /** ms of processor time that were used until now: where the work is another process's, its own. */
  readonly used?: () => number;
}

/** Asserts that a reader's work grows no faster than its input: at 1, 2, 4 and 8 times a size. A ratio, not a time. */
export async function assertLinear(
  name: string,
  { input, read, from = 8000, used = usedHere }: Growing,
): Promise<void> {
  let variant = 0;
  const timed = async (length: number): Promise<number> => {
    const text = input(length, variant++);
    const before = used();
    await read(text);
    return used() - before;
  };
  // What is compiled first is slow first.
  await timed(from);
  let seen = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    const times: number[] = [];
    for (const factor of [1, 2, 4, 8]) times.push(await timed(from * factor));
    // Other work on the computer only ever adds, which must not excuse the rest.
    times[0] = Math.min(times[0] ?? 0, await timed(from));
    const [one = 0, , , eight = 0] = times;
    if (eight <= mostGrowth * Math.max(one, measurable)) return;
    seen = times.map((ms) => `${ms.toFixed(1)} ms`).join(', ');
  }
  assert.fail(`${name}: 1, 2, 4 and 8 times as much take ${seen}.`);
}

function usedHere(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

import { isFinal } from './state.ts';
import type { Tracked } from './tracked.ts';

/** All that goes on of a kind in a few words, for a status bar. */
export interface Summary {
  /** How many are waiting or running. */
  readonly count: number;
  /** Of the slowest, 0 to 100. */
  readonly percentage: number;
  /** What the slowest is at; empty when its server has not said. */
  readonly stage: string;
}

export function summarize(records: Iterable<Tracked>): Summary {
  let count = 0;
  let slowest: Tracked | undefined;
  for (const record of records) {
    if (isFinal(record.state)) continue;
    count++;
    if (slowest === undefined || record.percentage < slowest.percentage) slowest = record;
  }
  return { count, percentage: slowest?.percentage ?? 0, stage: slowest?.message ?? '' };
}

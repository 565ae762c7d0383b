import { isFinal } from './state.ts';
import type { Ticket } from './ticket.ts';

/** All running tickets in a few words, for a status bar. */
export interface Summary {
  /** How many are waiting or running. */
  readonly count: number;
  /** Of the slowest, 0 to 100. */
  readonly percentage: number;
  /** What the slowest is at; empty when its server has not said. */
  readonly stage: string;
}

export function summarize(tickets: Iterable<Ticket>): Summary {
  let count = 0;
  let slowest: Ticket | undefined;
  for (const ticket of tickets) {
    if (isFinal(ticket.state)) continue;
    count++;
    if (slowest === undefined || ticket.percentage < slowest.percentage) slowest = ticket;
  }
  return { count, percentage: slowest?.percentage ?? 0, stage: slowest?.message ?? '' };
}

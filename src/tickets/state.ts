/** Where a ticket stands. `waiting` and `running` go on; the others are final. */
export const ticketStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;
export type TicketState = (typeof ticketStates)[number];

/** The part of UForge's `status` that says where a ticket stands. Absent means false or 0. */
export interface StatusFlags {
  readonly complete?: boolean | undefined;
  readonly error?: boolean | undefined;
  readonly cancelled?: boolean | undefined;
  readonly percentage?: number | undefined;
}

/**
 * The state a status means. `error` may come with or without `complete`, so the order of precedence is
 * error, cancelled, complete. UForge has no field for “queued”: a ticket without any progress yet is waiting.
 */
export function stateOf(status: StatusFlags | undefined): TicketState {
  if (status?.error === true) return 'failed';
  if (status?.cancelled === true) return 'cancelled';
  if (status?.complete === true) return 'done';
  return percentageOf(status) > 0 ? 'running' : 'waiting';
}

/** The progress as a whole number from 0 to 100: servers have been seen to send -1 and more than 100. */
export function percentageOf(status: StatusFlags | undefined): number {
  const percentage = status?.percentage ?? 0;
  return Number.isFinite(percentage) ? Math.min(100, Math.max(0, Math.round(percentage))) : 0;
}

/** Whether a ticket in this state will change no more. */
export function isFinal(state: TicketState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

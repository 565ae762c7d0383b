import { sleep, type Clock } from '../uforge/clock.ts';
import type { OpStatus } from '../uforge/dto.ts';

const pollMs = 1_000;

/**
 * Asks about an operation of a server every second until it has ended, well or not.
 * @param report hears how far it is, 0 to 100, and the server's words
 * @throws the signal's reason
 */
export async function untilEnded(
  first: OpStatus,
  ask: () => Promise<OpStatus>,
  clock: Clock,
  report: (percentage: number, message: string | undefined) => void,
  signal?: AbortSignal,
): Promise<OpStatus> {
  let status = first;
  while (status.complete !== true && status.error !== true && status.cancelled !== true) {
    report(Math.min(100, Math.max(0, status.percentage ?? 0)), status.message);
    await sleep(clock, pollMs, signal);
    status = await ask();
  }
  return status;
}

import { sleep, type Clock } from '../clock.ts';
import { UForgeError } from '../errors.ts';

/** The longest a server may make us wait with `Retry-After` before we rather report the failure, ms. */
const longestWait = 30_000;
const firstWait = 500;
const passingStatuses: ReadonlySet<number | undefined> = new Set([429, 502, 503, 504]);

/**
 * Does a safe request up to `attempts` times, with growing pauses, as long as it fails in a way that passes:
 * no connection, silence (twice at most: each costs a whole time-out), a gateway or a server that is
 * overloaded.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: { readonly clock: Clock; readonly attempts: number; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      options.signal?.throwIfAborted();
      const wait = waitAfter(error, failures);
      if (wait === undefined || failures >= options.attempts) throw error;
      await sleep(options.clock, wait, options.signal);
    }
  }
}

function waitAfter(error: unknown, failures: number): number | undefined {
  if (!(error instanceof UForgeError)) return undefined;
  const passes =
    error.kind === 'network' ||
    (error.kind === 'timeout' && failures < 2) ||
    (error.kind === 'server' && passingStatuses.has(error.status));
  if (!passes) return undefined;
  const wait = error.retryAfterMs ?? firstWait * 3 ** (failures - 1) * (0.75 + Math.random() / 2);
  return wait <= longestWait ? wait : undefined;
}

/**
 * Time, as everything here sees it. Made once, in `extension.ts` or the CLI, and handed on; the only fake
 * a test may use. All durations are milliseconds.
 */
export interface Clock {
  now(): number;
  /** Runs `callback` once after `delayMs`; dispose to call it off. */
  schedule(delayMs: number, callback: () => void): Disposable;
}

/** The computer's clock. Its timers keep a process alive only while they are pending. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Resolves after `delayMs`, or rejects with the signal's reason as soon as that is aborted. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const timer = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      timer[Symbol.dispose]();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

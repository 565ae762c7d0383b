import { isFinal } from './state.ts';
import type { Tracked, TrackedId } from './tracked.ts';
import type { TrackedStore } from './trackedStore.ts';

/**
 * Waits for something's end, whatever that is; somebody else polls. Resolves with nothing when it has been
 * deleted, rejects with the signal's reason. `onChange` hears of every state on the way.
 */
export async function untilFinal<T extends Tracked>(
  id: TrackedId,
  store: TrackedStore<T>,
  signal: AbortSignal,
  onChange: (current: T) => void = () => undefined,
): Promise<T | undefined> {
  signal.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
  const check = (): void => {
    const current = store.get(id);
    if (current === undefined || isFinal(current.state)) resolve(current);
    else onChange(current);
  };
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', stop, { once: true });
  const changes = store.onDidChange(check);
  try {
    check();
    return await promise;
  } finally {
    changes[Symbol.dispose]();
    signal.removeEventListener('abort', stop);
  }
}

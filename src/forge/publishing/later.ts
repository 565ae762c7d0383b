import type { PlatformContext } from './publisher.ts';

/** A signal that is aborted that much later than the context's: for what had better not be broken off. */
export function later(
  { signal, clock }: PlatformContext,
  ms: number,
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  let timer: Disposable | undefined;
  const onAbort = (): void => {
    timer = clock.schedule(ms, () => controller.abort(signal.reason));
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', onAbort);
      timer?.[Symbol.dispose]();
    },
  };
}

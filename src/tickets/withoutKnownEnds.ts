import { isFinal } from './state.ts';
import { keyOf, present, type Tracked } from './tracked.ts';
import type { TrackedStore, Update } from './trackedStore.ts';

/**
 * What a list of all there is means for a store. What was deleted or has ended here while the server answered
 * stays so.
 * @param known those of that server when it was asked
 */
export function withoutKnownEnds<T extends Tracked>(
  store: TrackedStore<T>,
  known: readonly T[],
  found: readonly T[],
): Update<T> {
  const asked = new Set(known.map(keyOf));
  const there = new Set(found.map(keyOf));
  const put = found.flatMap((record) => {
    const current = store.get(record);
    if (current === undefined) return asked.has(keyOf(record)) ? [] : [record];
    if (isFinal(current.state) && !isFinal(record.state)) return [];
    // When it ended and how, this window may have seen; a list does not say it better.
    return current.state === record.state && isFinal(record.state)
      ? [
          present({
            ...record,
            finished: current.finished,
            changed: current.changed,
            stages: current.stages,
          }),
        ]
      : [record];
  });
  return { put, remove: known.filter((record) => !there.has(keyOf(record))) };
}

import { UForgeError } from '../uforge/errors.ts';
import { withoutPending, type Tracked } from './tracked.ts';
import type { TrackedStore } from './trackedStore.ts';

/** Shows at once what was asked for; what the server says, or that it refused, replaces it. */
export async function whilePending<T extends Tracked, R>(
  store: TrackedStore<T>,
  record: T,
  pending: NonNullable<T['pending']>,
  work: () => Promise<R>,
): Promise<R> {
  const current = store.get(record);
  if (current !== undefined) store.put({ ...current, pending });
  try {
    return await work();
  } finally {
    const left = store.get(record);
    if (left !== undefined) store.put(withoutPending(left));
  }
}

/** Servers refuse to cancel what has ended, each in its own way. */
export function isGoneOrEnded(error: unknown): boolean {
  return error instanceof UForgeError && ['conflict', 'invalid', 'notFound'].includes(error.kind);
}

/** What a server answers; nothing where it does not offer that, or not to this person. */
export async function ifOffered<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UForgeError && ['entitlement', 'notFound'].includes(error.kind)) return undefined;
    throw error;
  }
}

/** Does it, and does not mind when the server has it no more. */
export async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof UForgeError) || error.kind !== 'notFound') throw error;
  }
}

import type { UForgeClient } from '../uforge/client/client.ts';
import { UForgeError } from '../uforge/errors.ts';
import { withStatus } from './fromServer.ts';
import { requestTimeoutMs, statusesById, type Kind, type StatusAnswer } from './kind.ts';
import { isFinal } from './state.ts';
import type { Tracked, TrackedId } from './tracked.ts';
import type { Update } from './trackedStore.ts';

/** How long a server may hold a request until there is news: below what proxies on the way put up with. */
export const holdSeconds = 20;

/** Whoever asks keeps the last answer: the client gives the identical object when nothing has changed. */
export interface LastAnswer {
  answer?: object;
}

/**
 * Asks for what goes on of one kind at one server: one conditional request for all, and one more for each
 * that has ended or is missing in the answer.
 * @returns `undefined` when nothing has changed
 */
export async function fetchRunning<T extends Tracked>(
  kind: Kind<T>,
  client: UForgeClient,
  records: readonly T[],
  last: LastAnswer,
  now: () => number,
  signal: AbortSignal,
): Promise<Update<T> | undefined> {
  const options = {
    signal,
    timeoutMs: requestTimeoutMs + holdSeconds * 1000,
    waitSeconds: holdSeconds,
    attempts: 1,
  };
  let found: StatusAnswer | undefined;
  try {
    found = await kind.statuses(client, records, options);
  } catch (error) {
    // One that is gone may spoil the answer for all: then each is asked for by itself.
    if (!(error instanceof UForgeError) || !['notFound', 'invalid'].includes(error.kind)) throw error;
  }
  if (found !== undefined && found.answer === last.answer) return undefined;
  const byId = statusesById(found?.statuses ?? [], kind.idOf);
  const put: T[] = [];
  const remove: TrackedId[] = [];
  for (const record of records) {
    const status = byId.get(kind.idOf(record.uri));
    const seen = status && withStatus(record, status, now());
    if (seen !== undefined && !isFinal(seen.state)) put.push(seen);
    else {
      const settled = await kind.fetch(client, record, now, signal);
      if (settled === undefined) remove.push(record);
      else put.push(settled);
    }
  }
  // Only now: a try that failed half-way has to see the same answer as news again.
  if (found === undefined) delete last.answer;
  else last.answer = found.answer;
  return { put, remove };
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MediaType } from '../../../uforge/codec/codec.ts';
import type { Answer } from './answer.ts';
import type { Changes } from './changes.ts';
import { hasAlready } from './respond.ts';

/**
 * The longest a request is held, in seconds: what is between here and a client may give up after a minute.
 */
const longestWait = 50;

/**
 * The seconds of `Prefer: wait=N` (RFC 7240, 4.3), 0 without it. What can't be read is ignored, as the RFC
 * says.
 */
function waitOf(prefer: string | readonly string[] | undefined): number {
  const text = typeof prefer === 'string' ? prefer : (prefer ?? []).join(',');
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(text)?.[1];
  return seconds === undefined ? 0 : Math.min(longestWait, Number(seconds));
}

/**
 * The answer to a conditional request that may wait: held back until it is another than the one the client
 * has, or until its time is up. To any other request the answer as it is now.
 * @param answerNow makes the answer anew
 */
export async function held(
  request: IncomingMessage,
  response: ServerResponse,
  mediaType: MediaType,
  answerNow: () => Promise<Answer>,
  changes: Changes,
  signal: AbortSignal,
): Promise<Answer> {
  const wait = waitOf(request.headers['prefer']);
  if (wait === 0 || request.method !== 'GET') return await answerNow();
  response.setHeader('preference-applied', `wait=${wait}`);
  // A timer, not a time of day: the computer's clock may be set back meanwhile.
  const timeUp = new AbortController();
  using _timer = changes.schedule(wait * 1000, () => timeUp.abort());
  const over = AbortSignal.any([signal, timeUp.signal]);
  for (;;) {
    const { revision } = changes;
    const answer = await answerNow();
    if (!hasAlready(request, answer, mediaType)) return answer;
    if (!(await changes.after(revision, over))) return answer;
  }
}

import assert from 'node:assert/strict';
import { IncomingMessage, ServerResponse, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { dto, type Answer } from '../../../src/forge/api/http/answer.ts';
import { Changes } from '../../../src/forge/api/http/changes.ts';
import { held } from '../../../src/forge/api/http/hold.ts';
import { ManualClock } from '../tickets/support.ts';

function hold(clock: ManualClock, answer: Answer, headers: IncomingHttpHeaders): Promise<Answer> {
  const request = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', headers });
  const changes = new Changes(() => '1', clock);
  const { signal } = new AbortController();
  const response = new ServerResponse(request);
  return held(request, response, 'application/xml', () => Promise.resolve(answer), changes, signal);
}

test('a request is held for as long as it asked, also when the clock is set back meanwhile', async () => {
  const clock = new ManualClock();
  const answer = dto('statuses', { total: 0, statuses: [] });
  let ended = false;
  const holding = hold(clock, answer, { prefer: 'wait=2', 'if-none-match': '*' }).then((given) => {
    ended = true;
    return given;
  });
  let waited = 0;
  while (waited < 1900) waited += await clock.next();
  assert.equal(ended, false, 'not before its time');
  const hour = 3600_000;
  clock.now = () => Date.UTC(2026, 0, 1) - hour;
  while (clock.pending > 0 && waited < 60_000) waited += await clock.next();
  assert.ok(waited < 2200, `${waited} ms`);
  assert.equal(await holding, answer);
});
